"""In whose hands agreed days are, by the kind of day: read at once for all that a sweep reached, never one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fengqiao.agreements.enums import LADDER, NoteKind
from fengqiao.agreements.models import Term, TermNote
from fengqiao.agreements.queries.agreements import next_step
from fengqiao.clocks.events import ReachedDay
from fengqiao.confirmation.models import CourtNote
from fengqiao.counsel.enums import TAKES_PART, Reply
from fengqiao.counsel.models import Consultation, GivenOpinion, Invitee
from fengqiao.mediation.queries.hands import hands_of
from fengqiao.notices.enums import Kind
from fengqiao.pool.models import Appointment
from fengqiao.pool.queries.rooms import at_work_where_held
from fengqiao.referrals.models import Referral

Holding = tuple[UUID, UUID]


@dataclass(frozen=True)
class InHand:
    """Who is told of one: ``people`` at the centre that holds the matter, else its posts; or these ``posts`` alone,
    each with its person. ``kind``: another sentence than the rung's own."""

    people: tuple[UUID, ...] = ()
    posts: tuple[Holding, ...] = ()
    kind: Kind | None = None


Found = dict[UUID, InHand]

# What the rungs of an overdue term ask for, and how the notice says it.
ASKS = {
    "term.late": NoteKind.REMINDED,
    "term.visit": NoteKind.VISITED,
    "term.advise": NoteKind.ADVISED,
}
SAYS: dict[NoteKind, Kind] = {
    NoteKind.REMINDED: Kind.TERM_LATE,
    NoteKind.VISITED: Kind.TERM_VISIT,
    NoteKind.ADVISED: Kind.TERM_ADVISE,
}


def in_hand(name: str, days: Sequence[ReachedDay]) -> Found:
    """By the row on which the day stands; what is not in it nobody is told of."""
    return _FINDERS[name](days)


def _terms(days: Sequence[ReachedDay]) -> Found:
    """Who mediated the agreement. An overdue term says the step that comes next, once the ladder has got so far."""
    notes: dict[UUID, list[tuple[str, date]]] = {}
    keys = _subjects(days)
    for term, done, on in TermNote.objects.filter(term_id__in=keys).values_list("term_id", "kind", "on"):
        notes.setdefault(term, []).append((done, on))
    rows = Term.objects.filter(pk__in=keys).values_list("pk", "due", "agreement__mediation__mediator_id")
    known = {pk: (due, mediator) for pk, due, mediator in rows}
    found: Found = {}
    for each in days:
        due, mediator = known[each.subject_id]
        kind: Kind | None = None
        if each.rung in ASKS:
            step = next_step(due, notes.get(each.subject_id, ()))
            if step is None or LADDER.index(step) > LADDER.index(ASKS[each.rung]):
                continue
            kind = SAYS[step]
        found[each.subject_id] = InHand(_some(mediator), kind=kind)
    return found


def _talks(days: Sequence[ReachedDay]) -> Found:
    """Who mediates, who takes part beside them, and who works in the room in which it is held."""
    hands = hands_of(each.matter_id for each in days)
    rooms = at_work_where_held(each.mediation_id for each in hands.values())
    found: Found = {}
    for each in days:
        now = hands[each.matter_id]
        # While nobody is named it is a talk of all mediators.
        named = (*_some(now.mediator), *now.beside, *rooms.get(now.mediation_id, ())) if now.mediator else ()
        found[each.subject_id] = InHand(tuple(dict.fromkeys(named)))
    return found


def _referrals(days: Sequence[ReachedDay]) -> Found:
    """Who asked or took in, and who mediates."""
    rows = Referral.objects.filter(pk__in=_subjects(days))
    return _with_mediators(days, dict(rows.values_list("pk", "recorded_by_id")))


def _at_court(days: Sequence[ReachedDay]) -> Found:
    """Who brought the case to the court, and who mediated."""
    rows = CourtNote.objects.filter(pk__in=_subjects(days))
    return _with_mediators(days, dict(rows.values_list("pk", "case__begun_by_id")))


def _lawyers(days: Sequence[ReachedDay]) -> Found:
    """Who gave the half hour, who mediates, and the lawyer where they have a post at the centre."""
    rows = Appointment.objects.filter(pk__in=_subjects(days))
    asked = {pk: people for pk, *people in rows.values_list("pk", "booked_by", "lawyer__person_id")}
    found = _with_mediators(days, {})
    return {pk: InHand((*_some(*asked[pk]), *now.people)) for pk, now in found.items()}


def _mediators(days: Sequence[ReachedDay]) -> Found:
    """Who mediated, to tell the parties."""
    return _with_mediators(days, {})


def _consultations(days: Sequence[ReachedDay]) -> Found:
    """Before it meets who takes part and the chair; after it who has not written their opinion, and when all have,
    the chair."""
    keys = _subjects(days)
    chairs = {
        pk: (post, person)
        for pk, post, person in Consultation.objects.filter(pk__in=keys).values_list(
            "pk", "chair_post_id", "chair_id"
        )
    }
    written = set(GivenOpinion.objects.filter(consultation_id__in=keys).values_list("invitee_id", flat=True))
    invited: dict[UUID, list[Invitee]] = {}
    for each in Invitee.objects.filter(consultation_id__in=keys, reply__in=TAKES_PART, post__isnull=False):
        invited.setdefault(each.consultation_id, []).append(each)
    found: Found = {}
    for day in days:
        there = invited.get(day.subject_id, [])
        posts = [_post(each) for each in there]
        if day.rung == "opinion.waits":
            waits = [each for each in there if each.reply == Reply.COMES and each.pk not in written]
            posts = [_post(each) for each in waits]
        if day.rung != "opinion.waits" or not posts:
            posts.append(chairs[day.subject_id])
        found[day.subject_id] = InHand(posts=tuple(dict.fromkeys(posts)))
    return found


def _post(invitee: Invitee) -> Holding:
    assert invitee.post_id and invitee.person_id  # noqa: S101  the table holds it to both or none
    return invitee.post_id, invitee.person_id


def _with_mediators(days: Sequence[ReachedDay], besides: dict[UUID, UUID]) -> Found:
    hands = hands_of(each.matter_id for each in days)
    found: Found = {}
    for each in days:
        now = hands.get(each.matter_id)
        people = _some(besides.get(each.subject_id), now.mediator if now else None)
        found[each.subject_id] = InHand(tuple(dict.fromkeys(people)))
    return found


def _some(*people: UUID | None) -> tuple[UUID, ...]:
    return tuple(each for each in people if each is not None)


def _subjects(days: Iterable[ReachedDay]) -> list[UUID]:
    return [each.subject_id for each in days]


_FINDERS: dict[str, Callable[[Sequence[ReachedDay]], Found]] = {
    "day.term": _terms,
    "day.talk": _talks,
    "day.answer": _referrals,
    "day.handed_in": _referrals,
    "day.supply": _at_court,
    "day.hearing": _at_court,
    "day.confirm": _mediators,
    "day.enforce": _mediators,
    "day.opinion": _consultations,
    "day.lawyer": _lawyers,
}
