"""One set of facts for all forms of a matter: written once, printed wherever a form asks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fengqiao.agreements.enums import AgreementState, NoteKind, Signer, Way
from fengqiao.agreements.models import Term
from fengqiao.agreements.queries.agreements import agreements_of
from fengqiao.agreements.wording import number_in_words, words_of
from fengqiao.counsel.enums import Capacity, Reply
from fengqiao.counsel.enums import Way as ConsultationWay
from fengqiao.counsel.queries.consultations import last_signed
from fengqiao.dossier.paper import chinese_date, day, moment
from fengqiao.dossier.queries.at_court import of_a_confirmation
from fengqiao.dossier.queries.people import ANONYMOUS, People, people_of
from fengqiao.matters.enums import (
    Channel,
    ClaimKind,
    Outcome,
    PartyRole,
    Performance,
    ProcedureKind,
    ProcedureStage,
    VisitMethod,
)
from fengqiao.matters.enums import Satisfaction as Satisfied
from fengqiao.matters.models import Disposition, Matter, MatterFile, Procedure, Visit
from fengqiao.mediation.enums import AGREED, Came, ConsentMethod, Result, SittingKind
from fengqiao.mediation.models import Mediation
from fengqiao.mediation.queries.mediations import mediations_of
from fengqiao.mediation.queries.process import body_of, footing_of, mediators_of, results_of
from fengqiao.mediation.queries.sittings import on_paper
from fengqiao.rules.queries.categories import label as category_label


@dataclass(frozen=True)
class Facts:
    """``values``: a fact by the name that forms use, "" where the matter does not have it; ``holds``: which
    conditions (``when`` of a form) are met."""

    values: dict[str, str]
    holds: frozenset[str]


def facts_of(matter: Matter) -> Facts:
    """The facts of a matter as its papers write them, in Chinese. Protected numbers are not among them: a form
    leaves them to be filled in by hand, since to see one is an act of its own that is audited. What parties told as
    their address for service is: choosing it for the court's paper was such an act."""
    holds = {"always"}
    mediations = mediations_of(matter)
    people = people_of(matter, mediated=bool(mediations))
    values = _of_matter(matter) | _of_parties(matter, people, holds)
    if mediations:
        values |= _of_mediation(mediations[-1], people, holds)
        agreed = _of_agreement(matter, holds)
        # By whom it was mediated was written down by itself; else the seal says it.
        values |= agreed | ({"organisation": values["organisation"]} if values.get("organisation") else {})
    else:
        # A power of attorney of this dossier is one for the mediation.
        holds.discard("agents")
    visit = Visit.objects.filter(matter_id=matter.id, reached=True).select_related("by").last()
    if visit:
        holds.add("visited")
        values |= _of_visit(visit)
    if matter.closed_at:
        holds.add("closed")
    values |= (
        _of_ends(matter, holds) | of_a_confirmation(matter, people, holds) | _of_consultation(matter, holds)
    )
    return Facts(values, frozenset(holds))


def _of_matter(matter: Matter) -> dict[str, str]:
    claims = [claim.text or str(ClaimKind(claim.kind).label) for claim in matter.claims.all()]
    return {
        "code": matter.code,
        "title": matter.title,
        "account": matter.account,
        "agreed_facts": matter.account,
        "category": category_label(matter.category) if matter.category else "",
        "source": str(Channel(matter.channel).label),
        "received": _known(matter.received_at, moment),
        "registered_on": _known(matter.registered_at, day),
        "centre": matter.centre.name,
        "claims": "；".join(claims),
        "performance": ""
        if matter.performance == Performance.NONE
        else _said(Performance, matter.performance),
        "remedies": _known(matter.remedies_told_at, day),
        "outcome": _said(Outcome, matter.outcome),
        "settled_on": _known(matter.settled_at, day),
        "closed_on": _known(matter.closed_at, day),
    }


def _of_parties(matter: Matter, people: People, holds: set[str]) -> dict[str, str]:
    """Both sides, who acts for them, and where they sign."""
    sides = {role: people.named(people.by_role(role)) for role in PartyRole}
    agents = people.agents()
    if agents:
        holds.add("agents")
    return {
        "petitioners": sides[PartyRole.PETITIONER] or (ANONYMOUS if matter.anonymous else ""),
        "respondents": sides[PartyRole.RESPONDENT],
        # Most quarrels have none, and that is no gap.
        "third": sides[PartyRole.THIRD] or "无",
        "agents": "\n".join(agents),
        "signing": people.places_to_sign(people.principals),
        "signing_petitioners": people.places_to_sign(people.by_role(PartyRole.PETITIONER)),
    }


def _of_mediation(mediation: Mediation, people: People, holds: set[str]) -> dict[str, str]:
    holds.add("mediation")
    consents = sorted(mediation.consents.all(), key=lambda c: (c.party.place, c.party_id))
    said = [
        f"{people.name_of(c.party)}：{'同意调解' if c.agreed else '不同意调解'}（{_said(ConsentMethod, c.method)}）"
        for c in consents
    ]
    told = [
        f"{people.name_of(c.party)}：{chinese_date(c.told.told_on)}（{_said(ConsentMethod, c.told.method)}）"
        for c in consents
        if hasattr(c, "told")
    ]
    if mediation.ended_at:
        holds.add("ended")
        if mediation.result in AGREED:
            holds |= {"agreed", "written" if mediation.result == Result.WRITTEN else "oral"}
        else:
            holds.add("failed")
    return {
        "mediator": "、".join(mediators_of(mediation)),
        "mediation_from": _known(mediation.sent_at, day),
        "mediation_to": _known(mediation.ended_at, day),
        "mediated": _from_to(mediation.sent_at, mediation.ended_at),
        "consents": "\n".join(said),
        "consent_from": _known(consents[0].recorded_at if consents else None, day),
        "organisation": _organisation(mediation),
        **_of_talks(mediation),
        **_of_results(mediation),
        "rights_told": "\n".join(told),
        "result": _said(Result, mediation.result),
        "agreement": mediation.text,
        "agreed_on": _known(mediation.ended_at, day) if mediation.result in AGREED else "",
        "performance_due": chinese_date(mediation.performance_due) if mediation.performance_due else "",
    }


def _of_results(mediation: Mediation) -> dict[str, str]:
    """What came of each claim between each two, and the ways they were told of where it failed."""
    results = results_of(mediation)
    lines = [
        f"{each.of_party.name}与{each.against_party.name}："
        f"{(each.claim.text or ClaimKind(each.claim.kind).label) if each.claim else '全部诉求'}："
        f"{_said(Came, each.came)}。{each.text}"
        for each in results
    ]
    ways = dict.fromkeys(way.name_zh for each in results for way in each.ways)
    # A mediation with one claim between two is told by its result alone.
    told = max((each.at for each in results if each.advised), default=None)
    return {
        "claim_results": "\n".join(lines) or "见调解结果",
        "advised": "\n".join(ways),
        **({"remedies": day(told)} if told else {}),
    }


def _of_talks(mediation: Mediation) -> dict[str, str]:
    """Where and when they talked and what was noted. A separate talk stands in no paper."""
    talks = on_paper(mediation)
    joint = [each for each in talks if each.sitting.kind == SittingKind.JOINT]
    asked = [each for each in talks if each.sitting.kind == SittingKind.INVESTIGATION]
    return {
        "talked": "\n".join(_known(each.sitting.began_at, moment) for each in joint),
        "place": "；".join(dict.fromkeys(each.sitting.place for each in joint)),
        "present": "、".join(dict.fromkeys(name for each in joint for name in each.names)),
        "talk_notes": "\n".join(each.note.text for each in joint if each.note and each.note.text),
        "issues": "\n".join(each.note.issues for each in joint if each.note and each.note.issues),
        "investigated": "\n".join(
            f"{_known(each.sitting.began_at, moment)} {each.sitting.place}" for each in asked
        ),
        "investigated_with": "、".join(dict.fromkeys(name for each in asked for name in each.names)),
        "findings": "\n".join(each.note.text for each in asked if each.note and each.note.text),
    }


def _from_to(begun: datetime, ended: datetime | None) -> str:
    """The days of a mediation; one alone where it was begun and ended on it."""
    if ended is None:
        return f"{day(begun)}起"
    return day(begun) if day(begun) == day(ended) else f"{day(begun)}至{day(ended)}"


def _organisation(mediation: Mediation) -> str:
    """By whom it was mediated, of which kind, and whose seal its papers bear."""
    footing = footing_of(mediation)
    body = body_of(footing)
    return f"{footing.name}（{body.name_zh}；{body.seal_zh}）" if footing and body else ""


def _of_agreement(matter: Matter, holds: set[str]) -> dict[str, str]:
    """The agreement that took effect last, else the one that is being signed; nothing where none was written."""
    found = sorted(
        (each for each in agreements_of(matter) if each.agreement.state != AgreementState.DROPPED),
        key=lambda each: each.agreement.state == AgreementState.EFFECTIVE,
    )
    if not found:
        return {}
    shown = found[-1]
    agreement = shown.agreement
    if agreement.way == Way.WRITTEN:
        # It is printed to be signed.
        holds.add("written")
    words = [agreement.issues, agreement.responsibility]
    seal = next((each.name for each in shown.signatures if each.signer == Signer.ORGANISATION), "")
    due = max((term.due for term in shown.terms if term.due), default=None)
    values = {
        "agreement_number": number_in_words(agreement.year, agreement.number),
        "agreed_facts": agreement.facts,
        "issues": "\n".join(each for each in words if each),
        "agreement": words_of(agreement, shown.terms),
        "agreed_on": chinese_date(agreement.effective_on) if agreement.effective_on else "",
        "performance_due": chinese_date(due) if due else "",
        "performance": "\n".join(_performed(term) for term in shown.terms if term.notes.all()),
    }
    values |= {"organisation": seal} if seal else {}
    return {name: said for name, said in values.items() if said}


def _performed(term: Term) -> str:
    """What happened to one term, in the order in which it was written down."""
    notes = [
        f"{chinese_date(note.on)}{NoteKind(note.kind).label}"
        f"{f'{note.amount:,.2f}元' if note.amount is not None else ''}：{note.text.rstrip('。；')}"
        for note in term.notes.all()
    ]
    return f"第{term.place}项：" + (f"{'；'.join(notes)}。" if notes else "")


def _of_visit(visit: Visit) -> dict[str, str]:
    return {
        "visited_at": moment(visit.at),
        "visited_by": visit.by.name,
        "visit_method": _said(VisitMethod, visit.method),
        # What the visitor left as it was is not left open.
        "visit_performance": _said(Performance, visit.performance) or "没有变化",
        "satisfaction": _said(Satisfied, visit.satisfaction),
        # A visit that was made and told of no trouble found none.
        "hidden_trouble": visit.hidden_trouble or "未发现",
        "visit_remark": visit.remark,
    }


def _of_ends(matter: Matter, holds: set[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    result = Disposition.objects.filter(matter_id=matter.id).order_by("at", "id").last()
    if result:
        values["disposition"] = result.text
    # Nothing is handed over to a procedure that has ended.
    running = Procedure.objects.filter(matter_id=matter.id, stage=ProcedureStage.RUNNING)
    procedure = running.order_by("id").last()
    if procedure:
        holds.add("procedure")
        values |= {
            "handed_kind": _said(ProcedureKind, procedure.kind),
            "handed_to": procedure.body,
            "handed_number": procedure.number,
        }
    materials = MatterFile.objects.filter(matter_id=matter.id).values_list("name", flat=True)
    values["evidence"] = "\n".join(materials)
    return values


def _of_consultation(matter: Matter, holds: set[str]) -> dict[str, str]:
    """The opinion of law that was signed last, with those who took part and what they were asked."""
    found = last_signed(matter)
    if found is None or found.ended_at is None:
        return {}
    holds.add("consulted")
    came = [each for each in found.invitees.all() if each.reply == Reply.COMES]
    return {
        "consulted_on": moment(found.meets_at),
        "consulted_where": f"{_said(ConsultationWay, found.way)}　{found.place}",
        "consulted_by": "、".join(f"{each.name}（{_said(Capacity, each.capacity)}）" for each in came),
        "consulted_chair": found.chair.name,
        "consulted_facts": found.facts,
        "consulted_question": found.question,
        "consulted_opinion": found.opinion,
        "consulted_articles": found.articles or "无",
        "consulted_signed": day(found.ended_at),
    }


def _said(choices: type, value: str) -> str:
    return str(choices(value).label) if value else ""


def _known(at: datetime | None, written: Callable[[datetime], str]) -> str:
    return written(at) if at else ""
