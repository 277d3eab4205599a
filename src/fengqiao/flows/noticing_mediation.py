"""Who is told of what happens around a mediation: talks, offices that were asked, the court, lawyers.

Parts of ``flows.noticing``, whose table has these too. Who mediates is told, and who asked; nobody is told of what
they did themselves, and nobody who holds no post at the centre that has the matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.confirmation.models import CourtCase
from fengqiao.flows.addressing import handlers_of, notice_of
from fengqiao.kernel import clock
from fengqiao.matters.events import Link
from fengqiao.mediation.queries.hands import hands_of
from fengqiao.notices.domain.telling import Addressee, NewNotice
from fengqiao.notices.enums import Kind
from fengqiao.pool.models import Talent
from fengqiao.pool.queries.rooms import at_work_where_held
from fengqiao.referrals.enums import ReferralAction
from fengqiao.referrals.models import Referral
from fengqiao.rules.queries.referral_kinds import all_kinds


def _of_a_talk(kind: Kind, *, called_off: Kind | None = None) -> Callable[..., Iterator[NewNotice]]:
    """The mediator, who takes part beside them, and who works in the room in which it is held."""

    def told(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        due_on = _day(said["planned_at"]) if said.get("planned_at") else None
        if called_off is not None and due_on is None:
            yield from _to_those_who_mediate(link, called_off, with_room=True)
        else:
            yield from _to_those_who_mediate(link, kind, with_room=True, due_on=due_on)

    return told


def _to_those_who_mediate(
    link: Link, kind: Kind, *, with_room: bool = False, besides: UUID | None = None, **more: Any
) -> Iterator[NewNotice]:
    """Who mediates, or mediated last; while nobody is named all mediators of the centre. ``besides``: one more."""
    hands = hands_of([link.matter_id]).get(link.matter_id)
    people: list[UUID | None] = [besides]
    if hands is not None:
        people += [hands.mediator, *(() if hands.is_over else hands.beside)]
        if with_room:
            people += at_work_where_held([hands.mediation_id]).get(hands.mediation_id, [])
        if hands.mediator is None and not hands.is_over:
            to = Addressee(roles={Role.MEDIATOR}, centre_id=link.holder_id)
            yield notice_of(link, kind, to, **more)
            people = [besides]
    for person in dict.fromkeys(each for each in people if each):
        to = Addressee(roles=CENTRE_ROLES, centre_id=link.holder_id, person_id=person)
        yield notice_of(link, kind, to, **more)


def _to_the_office(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    """The office that is asked, where it is on the platform."""

    def told(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        referral = Referral.objects.filter(pk=said["referral"]).first()
        if referral is None or referral.department_id is None:
            return
        if all_kinds()[referral.kind].is_out:
            due_on = None if link.type.endswith(ReferralAction.CALL_BACK) else referral.answer_by
            to = handlers_of(referral.department_id)
            yield notice_of(link, kind, to, subject_id=referral.pk, due_on=due_on)

    return told


def _answered(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    """Who asked the office, and who mediates; what came in is answered by the centre itself."""

    def told(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        referral = Referral.objects.filter(pk=said["referral"]).first()
        if referral is not None and all_kinds()[referral.kind].is_out:
            asked = referral.recorded_by_id
            yield from _to_those_who_mediate(link, kind, besides=asked, subject_id=referral.pk)

    return told


def _of_the_court(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    """Who mediated, and who brought the case to the court."""

    def told(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        begun_by = CourtCase.objects.filter(pk=said["case"]).values_list("begun_by_id", flat=True).first()
        until = said.get("until")
        yield from _to_those_who_mediate(link, kind, besides=begun_by, due_on=until)

    return told


def _of_a_lawyer(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    """Who mediates, and the lawyer where they have a post at the centre."""

    def told(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        lawyer = Talent.objects.filter(pk=said["talent"]).values_list("person_id", flat=True).first()
        due_on = None if kind is Kind.LAWYER_OFF else _day(said["at"])
        yield from _to_those_who_mediate(link, kind, besides=lawyer, due_on=due_on)

    return told


def _day(moment: str) -> date:
    """The day in China of what the history holds."""
    return datetime.fromisoformat(moment).astimezone(clock.SHANGHAI).date()


# Part of ``flows.noticing.TOLD``.
TOLD: dict[str, Callable[[Link, dict[str, Any]], Iterator[NewNotice]]] = {
    "mediation.plan": _of_a_talk(Kind.TALK_PLANNED),
    "mediation.adjourn": _of_a_talk(Kind.TALK_MOVED, called_off=Kind.TALK_OFF),
    "referral.send": _to_the_office(Kind.REFERRED),
    "referral.remind": _to_the_office(Kind.REFERRAL_URGED),
    "referral.call_back": _to_the_office(Kind.REFERRAL_OFF),
    "referral.accept": _answered(Kind.REFERRAL_ACCEPTED),
    "referral.refuse": _answered(Kind.REFERRAL_REFUSED),
    "referral.give_back": _answered(Kind.REFERRAL_RETURNED),
    "court.ask_more": _of_the_court(Kind.COURT_ASKED),
    "court.hear": _of_the_court(Kind.COURT_HEARS),
    **{
        f"court.{action}": _of_the_court(Kind.COURT_DECIDED)
        for action in ("docket", "confirm", "refuse", "judge", "settle", "fulfil", "end_enforcing")
    },
    "lawyer.book": _of_a_lawyer(Kind.LAWYER_BOOKED),
    "lawyer.move": _of_a_lawyer(Kind.LAWYER_MOVED),
    "lawyer.cancel": _of_a_lawyer(Kind.LAWYER_OFF),
}
