"""The accountability list as a workbook: each fact on one line with the reply of its body beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from fengqiao.exchange.domain.sheets import Workbook
from fengqiao.kernel import clock
from fengqiao.reviews.queries.listed import Shown


def workbook_of(rows: Sequence[Shown]) -> bytes:
    """The entries as xlsx, in the reader's language, with a sheet that says what they are."""
    columns = [
        _("事项编号"),
        _("事实"),
        _("单位"),
        _("事实怎样"),
        _("依据"),
        _("为什么列入"),
        _("列入日期"),
        _("答复到"),
        _("单位的答复"),
        _("状态"),
        _("撤回的理由"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        book = Workbook(Path(folder), columns)
        for each in rows:
            entry = each.listed
            book.add(
                [
                    entry.matter.code,
                    str(entry.get_kind_display()),
                    each.body,
                    each.sentence,
                    each.basis,
                    entry.remark,
                    entry.entered_at.astimezone(clock.SHANGHAI).date().isoformat(),
                    entry.reply_by.isoformat(),
                    entry.reply,
                    str(each.standing.label),
                    entry.withdrawal,
                ]
            )
        said = _("单位办理事项中的事实和单位的答复；不写个人。撤回的条目只作说明，不作任何依据。")
        [path] = book.close([(_("责任清单"), said), (_("导出日期"), clock.today().isoformat())])
        return path.read_bytes()
