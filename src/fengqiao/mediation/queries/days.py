"""A mediator's day: the talks that come, and what each still needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter, Party
from fengqiao.mediation.domain.sitting import OPEN
from fengqiao.mediation.domain.standing import missing_of
from fengqiao.mediation.enums import HelperKind, SittingState, SittingWay
from fengqiao.mediation.models import Consent, Footing, Mediation, PromisedEvidence, Sitting, Standing
from fengqiao.mediation.queries.evidence import awaited_by_mediation
from fengqiao.mediation.queries.sittings import named
from fengqiao.rules.queries.mediation_bodies import asks
from fengqiao.rules.queries.mediation_telling import ToTell

MOST = 100


@dataclass
class Coming:
    """A talk to come with who takes part, and what its mediation lacks.

    ``untold``: who was not told yet. ``missing``: whose authority or guardian lacks, with its article.
    ``is_late``: it was planned for a day that is over. ``awaited``: what parties promised to bring and did not yet.
    """

    sitting: Sitting
    names: list[str]
    is_late: bool
    has_footing: bool
    untold: list[str] = field(default_factory=list)
    missing: list[tuple[str, ToTell]] = field(default_factory=list)
    awaited: list[PromisedEvidence] = field(default_factory=list)


def mediations_at(actor: Actor, person: UUID | None = None) -> QuerySet[Mediation]:
    """The mediations of matters that the post sees and its centre holds; ``person``: only those they mediate."""
    held = Matter.objects.visible_to(actor).filter(holder_id=actor.centre_id).order_by().values("pk")
    found = Mediation.objects.filter(county__in=actor.counties, matter__in=held)
    if person is None:
        return found
    beside = Q(
        pk__in=Mediation.objects.filter(
            helpers__person_id=person, helpers__kind=HelperKind.MEDIATOR, helpers__ended_at=None
        ).values("pk")
    )
    return found.filter(Q(mediator_id=person) | beside)


def before_talk(sitting: Sitting) -> Coming:
    """What the mediation of one talk still needs."""
    return _prepared([sitting])[0]


def usual_place(centre_id: UUID | None) -> str:
    """Where the last talk in a centre was held: rooms of the centre, never somebody's home."""
    found = Sitting.objects.filter(matter__holder_id=centre_id, way=SittingWay.CENTRE)
    last = found.order_by("-planned_at").values_list("place", flat=True).first() if centre_id else None
    return last or ""


def talks_to_come(actor: Actor, last: date, person: UUID | None = None) -> list[Coming]:
    """Talks that are planned or running, up to the end of a day, the earliest first; six statements."""
    running = mediations_at(actor, person).filter(ended_at=None)
    found = list(
        Sitting.objects.filter(
            county__in=actor.counties,
            state__in=OPEN,
            planned_at__lt=start_of(last + timedelta(days=1)),
            mediation__in=running,
        )
        .select_related("matter", "mediation__mediator")
        .order_by("planned_at", "pk")[:MOST]
    )
    return _prepared(found) if found else []


def busy_on(actor: Actor, day: date) -> dict[UUID, Sitting]:
    """The next talk of each mediator on a day, the running one first; of matters that the post sees, one statement."""
    found = Sitting.objects.filter(
        county__in=actor.counties,
        state__in=OPEN,
        planned_at__gte=start_of(day),
        planned_at__lt=start_of(day + timedelta(days=1)),
        mediation__in=mediations_at(actor).filter(ended_at=None, mediator__isnull=False),
    ).select_related("mediation")
    first: dict[UUID, Sitting] = {}
    for each in sorted(found, key=lambda talk: (talk.state != SittingState.RUNNING, talk.planned_at)):
        if each.mediation.mediator_id:
            first.setdefault(each.mediation.mediator_id, each)
    return first


def start_of(day: date) -> datetime:
    """Its first moment in China."""
    return datetime.combine(day, time.min, clock.SHANGHAI)


def _prepared(sittings: Sequence[Sitting]) -> list[Coming]:
    matters = {each.matter_id for each in sittings}
    mediations = {each.mediation_id: each.mediation for each in sittings}
    footed = set(Footing.objects.filter(mediation__in=mediations).values_list("mediation_id", flat=True))
    names: dict[UUID, dict[UUID, str]] = {}
    for party in Party.objects.filter(matter_id__in=matters):
        names.setdefault(party.matter_id, {})[party.pk] = party.name or str(party.get_role_display())
    said: dict[UUID, dict[UUID, dict[str, Standing]]] = {}
    for stood in Standing.objects.filter(matter_id__in=matters).order_by("recorded_at", "id"):
        said.setdefault(stood.matter_id, {}).setdefault(stood.party_id, {})[stood.kind] = stood
    untold: dict[UUID, list[UUID]] = {}
    waiting = Consent.objects.filter(mediation__in=mediations, told=None).order_by("recorded_at", "id")
    for answer in waiting:
        untold.setdefault(answer.mediation_id, []).append(answer.party_id)
    today = start_of(clock.today())
    promised = awaited_by_mediation(list(mediations.values()))
    shown = []
    for each in sittings:
        called = names.get(each.matter_id, {})
        lacks = [
            (called.get(party, ""), missing_of(kinds, mediations[each.mediation_id]))
            for party, kinds in said.get(each.matter_id, {}).items()
        ]
        shown.append(
            Coming(
                sitting=each,
                names=named(each, called),
                is_late=each.planned_at < today,
                has_footing=each.mediation_id in footed,
                untold=[called.get(party, "") for party in untold.get(each.mediation_id, [])],
                missing=[(name, asks()[what]) for name, what in lacks if what],
                awaited=promised.get(each.mediation_id, []),
            )
        )
    return shown
