"""Who is told of what happens to a matter: handlers of events, in the transaction of the act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.clocks.policies import KEEPERS
from fengqiao.dispatch.events import Whistled
from fengqiao.dispatch.steps import ARBITERS
from fengqiao.flows.addressing import handlers_of, notice_of
from fengqiao.flows.noticing_mediation import TOLD as AROUND_A_MEDIATION
from fengqiao.leading.steps import INSTRUCTORS
from fengqiao.matters.events import Link, Recorded
from fengqiao.matters.models import Informed
from fengqiao.matters.steps import DIRECTING
from fengqiao.notices.domain.telling import Addressee, NewNotice, tell
from fengqiao.notices.enums import Kind
from fengqiao.reporting.enums import DueReport
from fengqiao.reporting.policies import WRITERS as REPORTERS
from fengqiao.rules.queries.running import all_running
from fengqiao.study.policies import CONVENERS


def tell_of_links(event: Recorded) -> None:
    """Tells whose turn it became by what was added to histories (handler of ``Recorded``)."""
    told = [notice for link in event.links for notice in _of(link)]
    told += [
        notice
        for link in event.links
        if link.type == "matter.registered" and b'"report"' in link.content
        for notice in _report_due(link, link.parameters)
    ]
    told += _to_those_below([link for link in event.links if link.type in MILESTONES])
    tell(told, by=event.actor)


def tell_of_whistle(event: Whistled) -> None:
    """Tells the handlers of the bodies that are called or invited (handler of ``Whistled``)."""
    bodies = [(Kind.WHISTLED, each) for each in event.called]
    bodies += [(Kind.INVITED, each) for each in event.invited]
    tell(
        [
            NewNotice(
                kind=kind,
                to=handlers_of(body),
                county=event.county,
                restriction=event.restriction,
                matter_id=event.matter_id,
                subject_id=event.whistle_id,
            )
            for kind, body in bodies
        ],
        by=event.actor,
    )


def _of(link: Link) -> Iterable[NewNotice]:
    told = TOLD.get(link.type)
    return told(link, link.parameters) if told else ()


def _dispatched(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    for department in (said["lead"], *said["assisting"]):
        yield notice_of(link, Kind.DISPATCHED, handlers_of(department), due_on=said["reply_by"])


def _to_arbiters(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    def asked(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        to = Addressee(roles=ARBITERS, centre_id=link.holder_id)
        yield notice_of(link, kind, to, about_id=said["department"], due_on=said.get("until"))

    return asked


def _arbitrated(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    if said["give_to"] is None:
        yield notice_of(link, Kind.RETURN_REFUSED, handlers_of(said["department"]))
        return
    yield notice_of(link, Kind.RETURN_UPHELD, handlers_of(said["department"]))
    yield notice_of(link, Kind.DISPATCHED, handlers_of(said["give_to"]))


def _extension_decided(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    kind, until = Kind.EXTENSION_REFUSED, None
    if said["approved"]:
        kind, until = Kind.EXTENSION_APPROVED, said["until"]
    yield notice_of(link, kind, handlers_of(said["department"]), due_on=until)


def _more_time_asked(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    deciders = {Role(each) for each in all_running()[said["limit"]].extended_by}
    to = Addressee(roles=deciders, centre_id=link.holder_id)
    yield notice_of(link, Kind.EXTENSION_ASKED, to, about_id=said["department"])


def _more_time(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    def decided(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        if said["department"]:
            to = handlers_of(said["department"])
        else:  # whoever asked for a limit that the centre keeps for somebody
            to = Addressee(roles=KEEPERS, centre_id=link.holder_id, person_id=said["asked_by"])
        yield notice_of(link, kind, to)

    return decided


def _to_mediator(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    # Where nobody is named yet the matter stands in the list of all mediators of the centre.
    if said.get("mediator"):
        to = Addressee(roles={Role.MEDIATOR}, centre_id=link.holder_id, person_id=said["mediator"])
        yield notice_of(link, Kind.TO_MEDIATE, to)


def _to_commission(kind: Kind, link: Link, said: dict[str, Any]) -> NewNotice:
    to = Addressee(roles={Role.COMMISSION}, department_id=said["commission"])
    return notice_of(link, kind, to, about_id=said["department"])


def _proposed(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    yield notice_of(link, Kind.SUPERVISION_PROPOSED, handlers_of(said["department"]))
    yield _to_commission(Kind.SUPERVISION_TO_DECIDE, link, said)


def _said_to_commission(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    def told(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        yield _to_commission(kind, link, said)

    return told


def _ordered(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    handlers = handlers_of(said["department"])
    yield notice_of(link, Kind.SUPERVISION_ORDERED, handlers, due_on=said["report_by"])
    yield from _decided(link, said)


def _decided(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    to = Addressee(roles=ARBITERS, centre_id=link.holder_id)
    yield notice_of(link, Kind.SUPERVISION_DECIDED, to, about_id=said["department"])


def _told_of_decision(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    yield notice_of(
        link, Kind.SUPERVISION_DECIDED, handlers_of(said["department"]), about_id=said["department"]
    )
    yield from _decided(link, said)


def _lifted(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    centre = Addressee(roles=ARBITERS, centre_id=link.holder_id)
    for to in (handlers_of(said["department"]), centre):
        yield notice_of(link, Kind.SUPERVISION_LIFTED, to, about_id=said["department"])


def _in_charge(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    if said["post"]:  # who has no post here is told outside the program
        yield notice_of(link, Kind.LEADS_MATTER, Addressee(post_id=said["post"], person_id=said["officer"]))


def _to_instructed(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    def told(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        to = handlers_of(said["department"]) if said["department"] else Addressee(post_id=said["post"])
        due_on = None if kind is Kind.INSTRUCTION_ACCEPTED else said["due_on"]
        yield notice_of(link, kind, to, due_on=due_on)

    return told


def _answered(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    to = Addressee(roles=INSTRUCTORS, centre_id=said["by_centre"])
    yield notice_of(link, Kind.INSTRUCTION_ANSWERED, to, about_id=said["department"])


def _body(link: Link, said: dict[str, Any]) -> Addressee:
    """Of whom a fact of the accountability list is said."""
    if said["department"]:
        return handlers_of(said["department"])
    return Addressee(roles=LEADERS, centre_id=said["centre"])


def _listed(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    yield notice_of(link, Kind.FACT_LISTED, _body(link, said), due_on=said["reply_by"])


def _replied(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    to = Addressee(roles=LEADERS, centre_id=link.holder_id)
    yield notice_of(link, Kind.FACT_REPLIED, to, about_id=said["department"])
    if said["commission"]:
        yield _to_commission(Kind.FACT_REPLIED, link, said)


def _withdrawn(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    yield notice_of(link, Kind.FACT_WITHDRAWN, _body(link, said))


def _report_due(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    report = said.get("report") or {}
    if report.get("due") == DueReport.DUE and not report.get("again"):
        yield notice_of(link, Kind.REPORT_DUE, Addressee(roles=REPORTERS, centre_id=link.holder_id))


def _reported(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    for post in said["posts"]:
        yield notice_of(link, Kind.REPORTED, Addressee(post_id=post), subject_id=UUID(said["report"]))


def _to_holder(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    def came(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        yield notice_of(link, kind, Addressee(roles=DIRECTING, centre_id=link.holder_id))

    return came


def _to_those_below(links: Sequence[Link]) -> list[NewNotice]:
    """What becomes of a matter is told to the centres from which it was raised (one statement)."""
    if not links:
        return []
    below = Informed.objects.filter(matter_id__in={link.matter_id for link in links})
    centres: dict[UUID, list[UUID]] = defaultdict(list)
    for matter, centre in below.order_by("since", "id").values_list("matter_id", "centre_id"):
        centres[matter].append(centre)
    return [
        notice_of(link, Kind.RAISED_MOVED, Addressee(roles=BELOW, centre_id=centre))
        for link in links
        for centre in centres[link.matter_id]
        if centre != link.holder_id
    ]


# Where a matter was raised from, these are told: a small centre has no more.
BELOW = DIRECTING | {Role.REGISTRAR}
# What becomes of a matter, as those hear of it from whom it was raised.
MILESTONES = frozenset(
    {
        *("matter.dispatch", "matter.redirect", "matter.settle", "matter.settle_on_spot"),
        *(
            "matter.record_mediation.agreed",
            "matter.withdraw",
            "matter.merge",
            "matter.reopen",
            "matter.close",
        ),
    }
)


def _leaders(link: Link) -> Addressee:
    return Addressee(roles=LEADERS, centre_id=link.holder_id)


def _turned_criminal(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    yield notice_of(link, Kind.REVIEW_OPENED, _leaders(link))


def _review_opened(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    yield notice_of(link, Kind.REVIEW_OPENED, _leaders(link))
    if said["reviewer"]:
        yield notice_of(link, Kind.REVIEW_OPENED, handlers_of(said["reviewer"]))


def _of_review(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    def told(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        yield notice_of(link, kind, Addressee(roles={Role.COMMISSION}, department_id=said["commission"]))

    return told


def _review_concluded(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    if said["mend_by"]:
        yield notice_of(link, Kind.REVIEW_TO_MEND, _leaders(link), due_on=said["mend_by"])


def _file_checked(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    if said["wrong"]:
        to = Addressee(roles=LEADERS | {Role.DISPATCHER}, centre_id=link.holder_id)
        yield notice_of(link, Kind.REVIEW_TO_MEND, to)


def _of_a_study(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    """The members that take part, each in the post in which they do."""

    def told(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        for post in said["posts"]:
            yield notice_of(link, kind, Addressee(post_id=post), subject_id=UUID(said["study"]))

    return told


def _to_conveners(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    def told(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        to = Addressee(roles=CONVENERS, centre_id=link.holder_id)
        yield notice_of(link, kind, to, subject_id=UUID(said["study"]))

    return told


def _concluded(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
    yield from _of_a_study(Kind.STUDY_CONCLUDED)(link, said)
    if said["department"]:
        yield notice_of(link, Kind.STUDY_ADVICE, handlers_of(said["department"]))


def _of_a_consultation(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    """Those who take part and the chair, each in the post in which they do."""

    def told(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        for post in said["posts"]:
            subject = UUID(said["consultation"])
            yield notice_of(link, kind, Addressee(post_id=post), subject_id=subject)

    return told


def _to_callers(kind: Kind) -> Callable[[Link, dict[str, Any]], Iterator[NewNotice]]:
    def told(link: Link, said: dict[str, Any]) -> Iterator[NewNotice]:
        to = Addressee(roles=LEADERS, centre_id=link.holder_id)
        yield notice_of(link, kind, to, subject_id=UUID(said["consultation"]))

    return told


# The history's type of a link → whom it tells.
TOLD: dict[str, Callable[[Link, dict[str, Any]], Iterable[NewNotice]]] = {
    "matter.dispatch": _dispatched,
    "matter.raise": _to_holder(Kind.RAISED),
    "matter.hand_down": _to_holder(Kind.HANDED_DOWN),
    "matter.assess": _report_due,
    "matter.danger": _report_due,
    "matter.amend": _report_due,
    "matter.send_to_mediation": _to_mediator,
    "matter.hand_over": _to_mediator,
    "dispatch.ask_return": _to_arbiters(Kind.RETURN_ASKED),
    "dispatch.arbitrate.upheld": _arbitrated,
    "dispatch.arbitrate.refused": _arbitrated,
    "dispatch.ask_extension": _to_arbiters(Kind.EXTENSION_ASKED),
    "dispatch.decide_extension": _extension_decided,
    "clock.ask_extension": _more_time_asked,
    "clock.decide_extension.granted": _more_time(Kind.EXTENSION_APPROVED),
    "clock.decide_extension.refused": _more_time(Kind.EXTENSION_REFUSED),
    "supervision.propose": _proposed,
    "supervision.answer": _said_to_commission(Kind.SUPERVISION_ANSWERED),
    "supervision.decide.ordered": _ordered,
    "supervision.decide.handed_over": _told_of_decision,
    "supervision.decide.declined": _told_of_decision,
    "supervision.decide.kept": _told_of_decision,
    "supervision.decide.kept_reported": _told_of_decision,
    "supervision.report": _said_to_commission(Kind.SUPERVISION_REPORTED),
    "supervision.lift": _lifted,
    "key.charge": _in_charge,
    "instruction.give": _to_instructed(Kind.INSTRUCTED),
    "instruction.answer": _answered,
    "instruction.send_back": _to_instructed(Kind.INSTRUCTION_SENT_BACK),
    "instruction.accept": _to_instructed(Kind.INSTRUCTION_ACCEPTED),
    "matter.turned_criminal": _turned_criminal,
    "case.open": _review_opened,
    "case.find": _of_review(Kind.REVIEW_FOUND),
    "case.conclude": _review_concluded,
    "case.answer": _of_review(Kind.REVIEW_ANSWERED),
    "sample.check": _file_checked,
    "review.list": _listed,
    "review.reply": _replied,
    "review.withdraw": _withdrawn,
    "report.write": _reported,
    "report.follow_up": _reported,
    "report.end": _reported,
    "team.task": lambda link, said: (
        [notice_of(link, Kind.TEAM_TASK, Addressee(post_id=said["post"]))] if said["post"] else []
    ),
    "consultation.call": _of_a_consultation(Kind.CONSULTATION_CALLED),
    "consultation.invite": _of_a_consultation(Kind.CONSULTATION_CALLED),
    "consultation.reply": _to_callers(Kind.CONSULTATION_REPLIED),
    "consultation.opine": _to_callers(Kind.CONSULTATION_OPINION),
    "consultation.sign": _of_a_consultation(Kind.CONSULTATION_SIGNED),
    "consultation.call_off": _of_a_consultation(Kind.CONSULTATION_OFF),
    "study.convene": _of_a_study(Kind.STUDY_INVITED),
    "study.invite": _of_a_study(Kind.STUDY_INVITED),
    "study.add_materials": _of_a_study(Kind.STUDY_MATERIALS),
    "study.reply": _to_conveners(Kind.STUDY_REPLIED),
    "study.opine": _to_conveners(Kind.STUDY_OPINION),
    "study.conclude": _concluded,
    "study.call_off": _of_a_study(Kind.STUDY_CALLED_OFF),
    **AROUND_A_MEDIATION,
}
