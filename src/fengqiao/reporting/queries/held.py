"""The mediations that the statistics are made of, each with what it is counted by, read where the fact is written.

Asked are mediations with their footing, agreements with their terms, cases at court, and the matter's row and
history; talks and their notes are never asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from fengqiao.agreements.enums import OWED, AgreementState, TermKind, TermState
from fengqiao.agreements.models import Term
from fengqiao.confirmation.enums import CaseKind
from fengqiao.confirmation.models import CourtCase
from fengqiao.matters.enums import Action, Danger, Performance
from fengqiao.matters.models import Assessment, HistoryEvent, Visit
from fengqiao.matters.queries.visibility import MatterQuerySet
from fengqiao.mediation.enums import AGREED
from fengqiao.mediation.models import Consent, Footing, Mediation
from fengqiao.reporting.periods import Period
from fengqiao.rules.queries.mediation_statistics import report_category

PERFORMED = f"matter.{Action.RECORD_PERFORMANCE}.performed"
DEFAULTED = f"matter.{Action.RECORD_PERFORMANCE}.defaulted"
OPENED_AGAIN = (f"matter.{Action.REOPEN}", DEFAULTED)


class AtCourt(NamedTuple):
    """One application for confirmation that was filed, and how it stands today."""

    id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class Held:
    """One mediation with what the form counts by."""

    id: UUID
    matter_id: UUID
    code: str
    title: str
    category: str
    channel: str
    sent_at: datetime
    ended_at: datetime | None
    result: str
    said: bool
    people: int
    amount: Decimal
    outcome: str
    # The matter turned criminal; this was the mediation that came last before.
    criminal: bool
    turned_criminal: bool
    parties: int
    initiative: str
    tier: str
    endangered: bool
    promised: Decimal
    due: bool
    terms_owed: int
    terms_done: int
    applications: tuple[AtCourt, ...] = ()
    performance: str = ""

    @property
    def kind(self) -> str:
        """Under which of the eighteen kinds it is reported."""
        return report_category(self.category)

    @property
    def agreed(self) -> bool:
        return self.result in AGREED

    def at_court(self, *states: str) -> int:
        """How many applications for confirmation stand so; all that were filed where no state is named."""
        return sum(not states or each.state in states for each in self.applications)


def held_in(matters: MatterQuerySet, period: Period) -> tuple[Held, ...]:
    """The mediations of these matters that ran in the period or ended in it, in the order in which they began."""
    found = (
        Mediation.objects.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gte=period.start),
            matter__in=matters.order_by().values("pk"),
            sent_at__lt=period.end,
        )
        .annotate(**_beside())
        .order_by("sent_at", "id")
        .values(*PLAIN, *BESIDE, **{name: F(f"matter__{name}") for name in OF_THE_MATTER})
    )
    held = [_one(row) for row in found.iterator(chunk_size=2000)]
    agreed = agreed_in(matters, period)
    at_court, told = _at_court(agreed), _told(agreed)
    return tuple(
        replace(
            each,
            applications=tuple(at_court[each.id]),
            performance=_performance(each, told[each.matter_id]),
        )
        if each.agreed
        else each
        for each in held
    )


def agreed_in(matters: MatterQuerySet, period: Period) -> QuerySet[Mediation]:
    """The mediations of these matters that ended in the period with an agreement."""
    return Mediation.objects.filter(
        matter__in=matters.order_by().values("pk"),
        result__in=AGREED,
        ended_at__gte=period.start,
        ended_at__lt=period.end,
    ).order_by()


PLAIN = ("id", "matter_id", "sent_at", "ended_at", "result", "text", "performance_due")
BESIDE = (
    *("parties", "initiative", "tier", "alarmed", "promised"),
    *("terms_owed", "terms_done", "criminal", "turned_criminal"),
)
COUNTED = ("people", "parties", "terms_owed", "terms_done")
OF_THE_MATTER = ("code", "title", "category", "channel", "people", "amount", "outcome", "danger")


def _one(row: dict[str, Any]) -> Held:
    said, danger, alarmed = row.pop("text"), row.pop("danger"), row.pop("alarmed")
    due = row.pop("performance_due") is not None
    counted = {name: int(row.pop(name) or 0) for name in COUNTED}
    sums = {name: row.pop(name) or Decimal(0) for name in ("amount", "promised")}
    words = {name: row.pop(name) or "" for name in ("initiative", "tier")}
    endangered = alarmed or danger != Danger.NONE
    return Held(**(row | counted | sums | words), said=bool(said), endangered=endangered, due=due)


def _beside() -> dict[str, Any]:
    of_it, of_matter = {"mediation_id": OuterRef("pk")}, {"matter_id": OuterRef("matter_id")}
    asked = Consent.objects.filter(**of_it).order_by().values("mediation_id").annotate(n=Count("pk"))
    footing = Footing.objects.filter(**of_it).order_by("-recorded_at", "-id")
    assessed = Assessment.objects.filter(**of_matter).exclude(tier="").order_by("-at", "-id")
    alarms = [f"matter.{Action.DANGER}", f"matter.{Action.DANGER_OVER}"]
    later = Mediation.objects.filter(**of_matter, sent_at__gt=OuterRef("sent_at"))
    return {
        "parties": Subquery(asked.values("n")),
        "initiative": Subquery(footing.values("initiative")[:1]),
        "tier": Subquery(assessed.values("tier")[:1]),
        "alarmed": Exists(HistoryEvent.objects.filter(**of_matter, type__in=alarms)),
        "promised": _of_terms(Sum("amount"), kind=TermKind.PAY),
        "terms_owed": _of_terms(Count("pk"), state__in=OWED),
        "terms_done": _of_terms(Count("pk"), state=TermState.DONE),
        "criminal": Q(matter__turned_criminal_at__isnull=False),
        # A matter that was mediated twice turned criminal once.
        "turned_criminal": Q(matter__turned_criminal_at__gte=F("sent_at"))
        & ~Exists(later.filter(sent_at__lte=OuterRef("matter__turned_criminal_at"))),
    }


def _of_terms(counted: Sum | Count, **which: Any) -> Subquery:
    """Of what was promised in the words that took effect."""
    terms = (
        Term.objects.filter(
            agreement__mediation_id=OuterRef("pk"),
            agreement__state=AgreementState.EFFECTIVE,
            draft=F("agreement__draft"),
            **which,
        )
        .order_by()
        .values("agreement__mediation_id")
        .annotate(n=counted)
    )
    return Subquery(terms.values("n"), output_field=DecimalField())


# --- what a court was asked -----------------------------------------------------------------------------------
def _at_court(agreed: QuerySet[Mediation]) -> Mapping[UUID, list[AtCourt]]:
    """By mediation the applications for confirmation of its agreement that reached the court."""
    filed = CourtCase.objects.filter(
        kind=CaseKind.CONFIRMATION,
        filed_on__isnull=False,
        agreement__mediation__in=agreed.values("pk"),
    )
    found: dict[UUID, list[AtCourt]] = defaultdict(list)
    for mediation, case, state in filed.values_list("agreement__mediation_id", "pk", "state"):
        found[mediation].append(AtCourt(case, state))
    return found


# --- how it was performed -------------------------------------------------------------------------------------
class Told(NamedTuple):
    """What was written of a matter after it was agreed: performed, not performed, or opened again."""

    at: datetime
    said: str
    opens: bool


def _told(agreed: QuerySet[Mediation]) -> Mapping[UUID, list[Told]]:
    """By matter what the history and those who visited say of performance, as it came."""
    of_these = {"matter__in": agreed.values("matter_id")}
    said = {PERFORMED: Performance.PERFORMED, DEFAULTED: Performance.DEFAULTED}
    events = HistoryEvent.objects.filter(**of_these, type__in=[*said, *OPENED_AGAIN])
    visits = Visit.objects.filter(**of_these, reached=True).exclude(performance="")
    found: dict[UUID, list[Told]] = defaultdict(list)
    for matter, at, kind in events.order_by("seq").values_list("matter_id", "at", "type"):
        found[matter].append(Told(at, said.get(kind, ""), kind in OPENED_AGAIN))
    for matter, at, heard in visits.order_by().values_list("matter_id", "at", "performance"):
        found[matter].append(Told(at, heard, opens=False))
    for lines in found.values():
        lines.sort(key=lambda each: each.at)
    return found


def _performance(held: Held, told: Sequence[Told]) -> str:
    """How the agreement of one mediation stands today.

    Its own terms say most; what was said of the whole matter counts until the matter was opened again, for what
    was promised later is another agreement's.
    """
    if held.terms_done and not held.terms_owed:
        return Performance.PERFORMED
    said = _last_said(each for each in told if held.ended_at is not None and each.at >= held.ended_at)
    if said:
        return said
    return Performance.RUNNING if held.due or held.terms_owed else Performance.NONE


def _last_said(told: Iterable[Told]) -> str:
    last = ""
    for each in told:
        last = each.said or last
        if each.opens:
            break
    return last
