"""The list of disposal (销毁清册) as a workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from fengqiao.dossier.models import DisposalBatch, DisposalItem
from fengqiao.exchange.domain.sheets import Workbook
from fengqiao.kernel import clock
from fengqiao.rules.queries.dossier import retentions


def workbook_of(batch: DisposalBatch, items: Sequence[DisposalItem]) -> bytes:
    """The lines with what became of each, and a sheet of who listed and who decided."""
    columns = [
        *(_("事项编号"), _("卷名"), _("保管期限"), _("保管到"), _("页数"), _("SM3")),
        *(_("结果"), _("没有销毁的原因")),
    ]
    with tempfile.TemporaryDirectory() as folder:
        book = Workbook(Path(folder), columns)
        for each in items:
            book.add(
                [
                    each.matter.code,
                    each.matter.title,
                    retentions()[each.volume.retention].title,
                    each.keep_until.isoformat(),
                    str(each.pages),
                    each.digest,
                    str(each.get_state_display()),
                    each.reason,
                ]
            )
        decided = batch.decided_at.astimezone(clock.SHANGHAI).date().isoformat() if batch.decided_at else ""
        said = [
            (_("卷宗销毁清册"), f"{batch.centre.name} {batch}"),
            (_("鉴定意见"), batch.grounds),
            (_("提出人"), batch.proposed_by.name),
            (_("提出日期"), batch.proposed_at.astimezone(clock.SHANGHAI).date().isoformat()),
            (_("审批"), str(batch.get_state_display())),
            (_("审批人"), batch.decided_by.name if batch.decided_by else ""),
            (_("审批意见"), batch.decision),
            (_("审批日期"), decided),
        ]
        [path] = book.close(said)
        return path.read_bytes()
