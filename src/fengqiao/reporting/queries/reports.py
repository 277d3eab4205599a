"""Direct reports as pages and the API show them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Fact
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.ruled import Proposal, asked
from fengqiao.reporting.enums import ReportReceiver
from fengqiao.reporting.models import DirectReport, Receipt
from fengqiao.reporting.policies import may_write, reports_visible_to
from fengqiao.rules.deciding import names_of
from fengqiao.rules.enums import TableKind

RECEIPTS = Prefetch(
    "receipts", Receipt.objects.select_related("person", "post", "post__centre", "post__department")
)
ABOUT_DUE = (FactKind.REPORT_DUE, FactKind.REPORTED, FactKind.REPORT_DECLINED)


@dataclass(frozen=True)
class OfMatter:
    """What was reported of a matter, and what the post may do now.

    ``due``: an assessment found that it has to be reported, and nobody has answered that yet; then ``proposal`` is
    what the table says today.
    """

    reports: list[DirectReport]
    running: DirectReport | None
    due: bool
    may_write: bool
    proposal: Proposal | None


def of_matter(actor: Actor, matter: Matter) -> OfMatter:
    """The reports of a matter that the post sees, the newest first."""
    found = list(
        reports_visible_to(actor)
        .filter(matter_id=matter.pk)
        .select_related("written_by")
        .prefetch_related(RECEIPTS)
        .order_by("-written_at", "-id")
    )
    running = next((each for each in found if each.first_id is None and each.ended_at is None), None)
    due = is_due(matter.pk)
    return OfMatter(
        reports=found,
        running=running,
        due=due,
        may_write=may_write(actor, matter) and matter.is_open,
        proposal=proposed(actor, matter) if due else None,
    )


def proposed(actor: Actor, matter: Matter) -> Proposal:
    """What the table in force says today of a matter that the actor sees."""
    return asked(actor, TableKind.REPORT, matter)


def is_due(matter_id: UUID) -> bool:
    """Whether the newest that was said about it is that it has to be reported."""
    last = Fact.objects.filter(matter_id=matter_id, kind__in=ABOUT_DUE).order_by("occurred_at", "id").last()
    return last is not None and last.kind == FactKind.REPORT_DUE


def receivers_of(proposal: Proposal) -> list[str]:
    """To whom the row says it goes; to all where no row answers or it names nobody."""
    row = proposal.answer.row
    named = (
        [each for each in names_of(row.then.get("receivers", "")) if each in ReportReceiver] if row else []
    )
    return named or [str(each) for each in ReportReceiver]


def report_by_id(actor: Actor, report_id: UUID) -> DirectReport:
    """A report that the post sees, with its receipts; raises ``NotAllowed``."""
    found = (
        reports_visible_to(actor)
        .filter(pk=report_id)
        .select_related("matter", "matter__holder", "written_by", "first")
        .prefetch_related(RECEIPTS)
        .first()
    )
    if found is None:
        raise NotAllowed("report_not_found", _("没有这份直报，或您的岗位看不到它。"))
    return found


def seen_by(actor: Actor, *, unread: bool = False) -> QuerySet[DirectReport]:
    """Every report that the post sees, with its receipts; only what this person has not opened yet, where asked."""
    found = reports_visible_to(actor).prefetch_related(RECEIPTS)
    if unread:
        found = found.filter(pk__in=unread_by(actor).order_by().values("report_id"))
    return found


def thread_of(actor: Actor, first_id: UUID) -> list[DirectReport]:
    """All reports on one danger that the post sees, the first one first."""
    found = reports_visible_to(actor).filter(Q(pk=first_id) | Q(first_id=first_id))
    return list(found.order_by("written_at", "id"))


def unread_by(actor: Actor) -> QuerySet[Receipt]:
    """What was sent to this person in this post and not opened yet, the oldest first."""
    if actor.post_id is None:
        return Receipt.objects.none()
    return (
        Receipt.objects.filter(
            county__in=actor.counties, person_id=actor.person_id, post_id=actor.post_id, read_at=None
        )
        .select_related("report", "report__written_by", "matter", "matter__holder")
        .order_by("report__written_at", "id")
    )


def open_ones(actor: Actor) -> QuerySet[DirectReport]:
    """The first reports of dangers that are not over, as the post sees them, the newest first."""
    return (
        reports_visible_to(actor)
        .filter(first=None, ended_at=None)
        .select_related("matter", "matter__holder", "written_by")
        .prefetch_related(RECEIPTS)
        .order_by("-written_at", "-id")
    )


def has_open_report(matter_id: UUID, department_id: UUID) -> bool:
    """Whether a danger that is not over was reported to somebody of this body (for ``sight.held_before``)."""
    return DirectReport.objects.filter(
        matter_id=matter_id, first=None, ended_at=None, receipts__post__department_id=department_id
    ).exists()
