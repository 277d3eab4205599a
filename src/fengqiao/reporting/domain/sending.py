"""Writing a direct report, following it up, ending it, and writing down why none is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.numbering import next_number
from fengqiao.matters.domain.ruling import keep_ruling
from fengqiao.matters.domain.sight import laid_no_more, lay_before, name_receivers
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import Action, WordKind
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of
from fengqiao.matters.queries.ruled import asked
from fengqiao.reporting.enums import DueReport, ReportAction, ReportKind, ReportReceiver
from fengqiao.reporting.models import DirectReport, Receipt, ReportNumber
from fengqiao.reporting.policies import may_write
from fengqiao.reporting.queries.receivers import Addressed, addressed
from fengqiao.reporting.queries.reports import is_due
from fengqiao.rules.enums import TableKind


def write(
    *,
    actor: Actor,
    matter_id: UUID,
    situation: str,
    measures: str,
    request: str = "",
    receivers: Sequence[str],
    version: int | None = None,
) -> DirectReport:
    """风险直报: the first report of a danger, to those above whom ``receivers`` name (``ReportReceiver``).

    Whether a report was due is asked of the table once more and kept beside what the officer did. Whoever is
    told sees the matter until the danger is over. Refused: ``reported_already``, ``no_receiver``,
    ``restricted_by_director`` (a restricted matter is reported by a director, who thereby names its readers).
    """
    said = _said(situation, measures, request)
    if not receivers or set(receivers) - set(ReportReceiver.values):
        raise Invalid({"receivers": _("请选择报给谁。")})
    matter = _opened(actor, matter_id, version, ReportAction.WRITE)
    if DirectReport.objects.filter(matter_id=matter.pk, first=None, ended_at=None).exists():
        raise Refusal("reported_already", _("这件事项已经直报，新的情况请写续报。"))
    to = _to(actor, matter, receivers)
    found = asked(actor, TableKind.REPORT, matter)
    row = found.answer.row
    today = clock.today()
    report = DirectReport.objects.create(
        **of(matter),
        **said,
        kind=ReportKind.INITIAL,
        year=today.year,
        number=next_number(ReportNumber, county=matter.county, year=today.year),
        receivers=[each for each in ReportReceiver.values if each in receivers],
        table_version=found.table.version,
        row=row.id if row else "",
        written_by_id=actor.person_id,
        written_role=actor.role,
        written_at=clock.now(),
    )
    keep_ruling(
        matter,
        actor=actor,
        action=Action.ASSESS,
        found=found,
        proposed=found.chosen,
        chosen=DueReport.DUE,
    )
    _send(actor, matter, report, to, ReportAction.WRITE, {"rule": found.beside(DueReport.DUE)})
    return report


def follow_up(
    *,
    actor: Actor,
    report_id: UUID,
    situation: str,
    measures: str,
    request: str = "",
    version: int | None = None,
) -> DirectReport:
    """续报: what has come of it since, to the same posts as the first report."""
    return _later(actor, report_id, ReportKind.FOLLOW_UP, _said(situation, measures, request), version)


def end(
    *,
    actor: Actor,
    report_id: UUID,
    situation: str,
    measures: str,
    request: str = "",
    version: int | None = None,
) -> DirectReport:
    """终报: the danger is over and how; the commission sees the matter no more, the reports it keeps."""
    report = _later(actor, report_id, ReportKind.END, _said(situation, measures, request), version)
    first = DirectReport.objects.filter(matter_id=report.matter_id, first=None, ended_at=None)
    for each in list(first.values_list("pk", flat=True)):
        first.filter(pk=each).update(ended_at=clock.now())
        let_go(report.matter_id, each)
    return report


def decline(*, actor: Actor, matter_id: UUID, reason: str, version: int | None = None) -> Matter:
    """写明不直报: the table says that a report is due, and the officer writes down why there is none.

    Counted as another choice than the table's. Refused: ``not_due``.
    """
    reason = needed("reason", reason, _("请写明为什么不直报（至少十个字）。"), shortest=10)
    matter = _opened(actor, matter_id, version, ReportAction.DECLINE)
    if not is_due(matter.pk):
        raise Refusal("not_due", _("这件事项没有等着直报。"))
    found = asked(actor, TableKind.REPORT, matter)
    keep_ruling(
        matter,
        actor=actor,
        action=Action.ASSESS,
        found=found,
        proposed=found.chosen,
        chosen=DueReport.NOT_DUE,
    )
    note(
        matter,
        actor=actor,
        type=f"report.{ReportAction.DECLINE}",
        parameters={"rule": found.beside(DueReport.NOT_DUE)},
        words={WordKind.REASON: reason},
    )
    return matter


def let_go(matter_id: UUID, first_id: UUID) -> None:
    """The bodies that were told of a danger that is over stop seeing its matter."""
    told = Receipt.objects.filter(report_id=first_id, post__department__isnull=False).order_by()
    for department in set(told.values_list("post__department_id", flat=True)):
        laid_no_more(matter_id, department)


def _said(situation: str, measures: str, request: str) -> dict[str, str]:
    return {
        "situation": needed(
            "situation", situation, _("请写明发生了什么、有多急（至少十个字）。"), shortest=10
        ),
        "measures": needed("measures", measures, _("请写明已经采取了什么措施。"), shortest=4),
        "request": allowed("request", request),
    }


def _opened(actor: Actor, matter_id: UUID, version: int | None, action: ReportAction) -> Matter:
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    if not may_write(actor, matter):
        raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": action.label})
    if not matter.is_open:
        raise Refusal("matter_is_closed", _("事项已经结案，不再直报。"))
    return matter


def _later(
    actor: Actor, report_id: UUID, kind: ReportKind, said: dict[str, str], version: int | None
) -> DirectReport:
    known = DirectReport.objects.filter(pk=report_id).values_list("matter_id", "first_id").first()
    if known is None:
        raise NotAllowed("report_not_found", _("没有这份直报，或您的岗位看不到它。"))
    matter_id, first_id = known
    action = ReportAction.END if kind == ReportKind.END else ReportAction.FOLLOW_UP
    matter = _opened(actor, matter_id, version, action)
    first = DirectReport.objects.select_for_update(of=("self",)).get(pk=first_id or report_id)
    if first.ended_at is not None:
        raise Refusal("report_is_over", _("这份直报已经终报。又有新的危险，请重新直报。"))
    to = _to(actor, matter, first.receivers)
    report = DirectReport.objects.create(
        **of(matter),
        **said,
        first=first,
        kind=kind,
        year=first.year,
        number=first.number,
        place=first.later.count() + 1,
        receivers=first.receivers,
        table_version=first.table_version,
        row=first.row,
        written_by_id=actor.person_id,
        written_role=actor.role,
        written_at=clock.now(),
    )
    _send(actor, matter, report, to, action, {})
    return report


def _to(actor: Actor, matter: Matter, receivers: Sequence[str]) -> list[Addressed]:
    """Who is told, and lets them see the matter; first, so that a refusal comes before anything is written."""
    to = addressed(actor, matter, receivers)
    if not to:
        raise Refusal("no_receiver", _("这些岗位现在没有人，报不上去：请换一个收报单位。"))
    reason = str(_("风险直报"))
    name_receivers(actor=actor, matter=matter, people=[each.person_id for each in to], reason=reason)
    for department in {each.department_id for each in to if each.department_id}:
        lay_before(actor=actor, matter=matter, department_id=department, reason=reason)
    return to


def _send(
    actor: Actor,
    matter: Matter,
    report: DirectReport,
    to: Sequence[Addressed],
    action: ReportAction,
    parameters: dict[str, Any],
) -> None:
    Receipt.objects.bulk_create(
        [
            Receipt(
                **of(matter),
                report=report,
                person_id=each.person_id,
                post_id=each.post_id,
                receiver=each.receiver,
            )
            for each in to
        ]
    )
    note(
        matter,
        actor=actor,
        type=f"report.{action}",
        parameters={
            "report": report.pk,
            "number": f"{report.year}-{report.number}",
            "receivers": report.receivers,
            "posts": [each.post_id for each in to],
            **parameters,
        },
        words={WordKind.SUMMARY: report.situation},
    )
