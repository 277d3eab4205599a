"""One set of facts for all forms of a matter: written once, printed wherever a form asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from fengqiao.counsel.enums import Capacity, Reply, Way
from fengqiao.counsel.queries.consultations import last_signed
from fengqiao.dossier.forms import PEOPLES
from fengqiao.dossier.paper import chinese_date, day, known, moment, said
from fengqiao.dossier.queries.at_court import of_a_confirmation
from fengqiao.dossier.queries.bodies import of_the_body
from fengqiao.dossier.queries.kept import agreement_of, of_a_visit, of_an_agreement
from fengqiao.dossier.queries.offices import of_offices
from fengqiao.dossier.queries.people import ANONYMOUS, People, people_of
from fengqiao.matters.enums import Channel, ClaimKind, Outcome, PartyRole, Performance
from fengqiao.matters.models import Disposition, Matter, MatterFile
from fengqiao.mediation.enums import AGREED, Came, ConsentMethod, Initiative, Result, SittingKind, SittingWay
from fengqiao.mediation.models import Mediation, Sitting
from fengqiao.mediation.queries.mediations import mediations_of
from fengqiao.mediation.queries.process import footing_of, mediators_of, results_of
from fengqiao.mediation.queries.sittings import Talk, on_paper
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
        shown = agreement_of(matter)
        agreed = of_an_agreement(shown, holds) if shown else {}
        # By whom it was mediated was written down by itself; else the seal says it.
        values |= agreed | ({"organisation": values["organisation"]} if values.get("organisation") else {})
    else:
        shown = None
        # A power of attorney of this dossier is one for the mediation.
        holds.discard("agents")
    values |= of_a_visit(matter, shown, holds)
    if matter.closed_at:
        holds.add("closed")
    values |= of_offices(matter, holds) | of_a_confirmation(matter, people, holds)
    return Facts(values | _of_consultation(matter, holds), frozenset(holds))


def _of_matter(matter: Matter) -> dict[str, str]:
    result = Disposition.objects.filter(matter_id=matter.id).order_by("at", "id").last()
    materials = MatterFile.objects.filter(matter_id=matter.id).values_list("name", flat=True)
    claims = [claim.text or str(ClaimKind(claim.kind).label) for claim in matter.claims.all()]
    return {
        "code": matter.code,
        "title": matter.title,
        "account": matter.account,
        "agreed_facts": matter.account,
        "category": category_label(matter.category) if matter.category else "",
        "source": str(Channel(matter.channel).label),
        "received": known(matter.received_at, moment),
        "registered_on": known(matter.registered_at, day),
        "centre": matter.centre.name,
        "claims": "；".join(claims),
        "performance": ""
        if matter.performance == Performance.NONE
        else said(Performance, matter.performance),
        "remedies": known(matter.remedies_told_at, day),
        "outcome": said(Outcome, matter.outcome),
        "disposition": result.text if result else "",
        "evidence": "\n".join(PurePath(name).stem for name in materials),
        "settled_on": known(matter.settled_at, day),
        "closed_on": known(matter.closed_at, day),
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
        "petitioner_details": people.particulars(people.by_role(PartyRole.PETITIONER)),
        "respondent_details": people.particulars(people.by_role(PartyRole.RESPONDENT)),
        # Most quarrels have none, and that is no gap.
        "agreement_reference": "无",
        "third": sides[PartyRole.THIRD] or "无",
        "agents": "\n".join(agents),
        "signing": people.places_to_sign(people.principals),
        "signing_petitioners": people.places_to_sign(people.by_role(PartyRole.PETITIONER)),
    }


def _of_mediation(mediation: Mediation, people: People, holds: set[str]) -> dict[str, str]:
    holds.add("mediation")
    footing = footing_of(mediation)
    by_whom = of_the_body(footing)
    holds.add("of_people" if by_whom["kind"] == PEOPLES else "of_others")
    if footing is None or footing.initiative == Initiative.APPLIED:
        # What was begun by the mediators has no application.
        holds.add("applied")
    consents = sorted(mediation.consents.all(), key=lambda c: (c.party.place, c.party_id))
    answers = [
        f"{people.name_of(c.party)}：{'同意调解' if c.agreed else '不同意调解'}（{said(ConsentMethod, c.method)}）"
        for c in consents
    ]
    told = [
        f"{people.name_of(c.party)}：{chinese_date(c.told.told_on)}（{said(ConsentMethod, c.told.method)}）"
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
        "mediation_from": known(mediation.sent_at, day),
        "mediation_to": known(mediation.ended_at, day),
        "mediated": _from_to(mediation.sent_at, mediation.ended_at),
        "consents": "\n".join(answers),
        "consent_from": known(consents[0].recorded_at if consents else None, day),
        **by_whom,
        **_of_talks(mediation),
        **_of_results(mediation, people),
        "rights_told": "\n".join(told),
        "result": said(Result, mediation.result),
        "agreement": mediation.text,
        "agreed_on": known(mediation.ended_at, day) if mediation.result in AGREED else "",
        "performance_due": chinese_date(mediation.performance_due) if mediation.performance_due else "",
    }


def _of_results(mediation: Mediation, people: People) -> dict[str, str]:
    """What came of each claim between each two, and the ways they were told of where it failed."""
    results = results_of(mediation)
    lines = [
        f"{people.name_of(each.of_party)}与{people.name_of(each.against_party)}："
        f"{(each.claim.text or ClaimKind(each.claim.kind).label) if each.claim else '全部诉求'}："
        f"{said(Came, each.came)}。{each.text}"
        for each in results
    ]
    ways = dict.fromkeys(way.name_zh for each in results for way in each.ways)
    # A mediation with one claim between two is told by its result alone.
    told = max((each.at for each in results if each.advised), default=None)
    return {
        "results": "\n".join(filter(None, (said(Result, mediation.result), *lines))),
        "claim_results": "\n".join(lines) or "见调解结果",
        "advised": "\n".join(ways) or ("无须告知（已达成协议）" if mediation.result in AGREED else ""),
        **({"remedies": day(told)} if told else {}),
    }


def _of_talks(mediation: Mediation) -> dict[str, str]:
    """Where and when they talked and what was noted. A separate talk stands in no paper."""
    talks = on_paper(mediation)
    joint = [each for each in talks if each.sitting.kind == SittingKind.JOINT]
    asked = [each for each in talks if each.sitting.kind == SittingKind.INVESTIGATION]
    return {
        "talked": "\n".join(known(each.sitting.began_at, moment) for each in joint),
        "place": "；".join(dict.fromkeys(_where(each.sitting) for each in joint)),
        "present": "、".join(dict.fromkeys(name for each in joint for name in each.names)),
        "talk_notes": "\n".join(each.note.text for each in joint if each.note and each.note.text),
        **dict.fromkeys(("issues", "disputed"), _issues(joint)),
        "investigated": "\n".join(
            f"{known(each.sitting.began_at, moment)} {_where(each.sitting)}" for each in asked
        ),
        "investigated_with": "、".join(dict.fromkeys(name for each in asked for name in each.names)),
        "findings": "\n".join(each.note.text for each in asked if each.note and each.note.text),
    }


def _where(sitting: Sitting) -> str:
    """The place, and how they met where that was not at the centre."""
    way = "" if sitting.way == SittingWay.CENTRE else said(SittingWay, sitting.way)
    return f"{sitting.place}（{way}）" if sitting.place and way else sitting.place or way


def _issues(talks: list[Talk]) -> str:
    return "\n".join(each.note.issues for each in talks if each.note and each.note.issues)


def _from_to(begun: datetime, ended: datetime | None) -> str:
    """The days of a mediation; one alone where it was begun and ended on it."""
    if ended is None:
        return f"{day(begun)}起"
    return day(begun) if day(begun) == day(ended) else f"{day(begun)}至{day(ended)}"


def _of_consultation(matter: Matter, holds: set[str]) -> dict[str, str]:
    """The opinion of law that was signed last, with those who took part and what they were asked."""
    found = last_signed(matter)
    if found is None or found.ended_at is None:
        return {}
    holds.add("consulted")
    came = [each for each in found.invitees.all() if each.reply == Reply.COMES]
    return {
        "consulted_on": moment(found.meets_at),
        "consulted_where": f"{said(Way, found.way)}　{found.place}",
        "consulted_by": "、".join(f"{each.name}（{said(Capacity, each.capacity)}）" for each in came),
        "consulted_chair": found.chair.name,
        "consulted_facts": found.facts,
        "consulted_question": found.question,
        "consulted_opinion": found.opinion,
        "consulted_articles": found.articles or "无",
        "consulted_signed": day(found.ended_at),
    }
