"""What is late and whose, and what is supervised, as workbooks: bodies and limits, no data of parties and no officer.

Restricted matters are left out and counted, as in every file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.clocks.queries.telling import Shown
from fengqiao.exchange.domain.sheets import Workbook
from fengqiao.kernel import clock
from fengqiao.matters.enums import Restriction
from fengqiao.matters.models import Matter
from fengqiao.supervision.enums import Decision, Rung
from fengqiao.supervision.models import Measure, Supervision


def is_left_out(matter: Matter) -> bool:
    """Whether a matter is in no file."""
    return matter.restriction != Restriction.OPEN


def taken_out(*, actor: Actor, verb: str, matters: Sequence[Matter]) -> None:
    """Writes into the audit that a list left the program as a file: how many lines, and how many were left out."""
    kept = sum(not is_left_out(each) for each in matters)
    record(actor=actor, verb=verb, details={"rows": kept, "left_out": len(matters) - kept})


def workbook_of_due(rows: Sequence[Shown], *, asked: str) -> bytes:
    """The limits that press, one a line, what ended first being first; ``asked`` says which were asked for."""
    columns = [
        _("事项编号"),
        _("标题"),
        _("时限"),
        _("依据"),
        _("由谁办"),
        _("最后一天"),
        _("灯"),
        _("剩余或超期"),
    ]
    kept = [each for each in rows if not is_left_out(each.clock.matter)]
    lines = [
        [
            each.clock.matter.code,
            each.clock.matter.title,
            each.title,
            each.limit.basis if each.limit else "",
            each.owes,
            _day(each.light.last_day) if each.light else "",
            str(each.light.colour.label) if each.light else "",
            each.light.words if each.light else "",
        ]
        for each in kept
    ]
    said = _("已经超期和快到期的时限，按由谁办分开，不分到个人。")
    about = [(_("超期与临期"), said), (_("筛选"), asked or _("全部"))]
    return _written(columns, lines, about, left_out=len(rows) - len(kept))


def workbook_of_supervision(rows: Sequence[Supervision]) -> bytes:
    """Each rung of each supervision on a line, with the department's answer and report beside the decision."""
    columns = [
        _("事项编号"),
        _("标题"),
        _("单位"),
        _("由谁决定"),
        _("状态"),
        _("督办措施"),
        _("文号"),
        _("提请日期"),
        _("申辩到"),
        _("单位的申辩"),
        _("决定"),
        _("决定的依据和理由"),
        _("反馈到"),
        _("单位的反馈"),
    ]
    kept = [each for each in rows if not is_left_out(each.matter)]
    lines = [_rung(each, measure) for each in kept for measure in each.measures.all()]
    said = _(
        "由中心提请、单位申辩、政法委决定。督办的是单位对一件事项的办理，不是个人；法院、检察院和仲裁委不在其列。"
    )
    return _written(columns, lines, [(_("督办"), said)], left_out=len(rows) - len(kept))


def _rung(supervision: Supervision, measure: Measure) -> list[Any]:
    return [
        supervision.matter.code,
        supervision.matter.title,
        supervision.department.name,
        supervision.commission.name,
        str(supervision.get_state_display()),
        str(Rung(measure.rung).label),
        f"〔{measure.year}〕{measure.number}号" if measure.number else "",
        _day(measure.proposed_at),
        _day(measure.answer_by),
        measure.answer,
        str(Decision(measure.decision).label),
        measure.reasons,
        _day(measure.report_by),
        measure.report,
    ]


def _day(moment: datetime | date | None) -> str:
    if isinstance(moment, datetime):
        moment = moment.astimezone(clock.SHANGHAI).date()
    return moment.isoformat() if moment else ""


def _written(
    columns: Sequence[str], lines: Iterable[list[Any]], about: list[tuple[str, str]], *, left_out: int
) -> bytes:
    more = [(_("导出日期"), clock.today().isoformat()), (_("未导出的限阅事项"), str(left_out))]
    with tempfile.TemporaryDirectory() as folder:
        book = Workbook(Path(folder), list(columns))
        for each in lines:
            book.add(each)
        [path] = book.close([*about, *more])
        return path.read_bytes()
