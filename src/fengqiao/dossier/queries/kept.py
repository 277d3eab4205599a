"""What was agreed, how it is kept, and what a visitor found of it."""

from __future__ import annotations

from datetime import date

from fengqiao.agreements.enums import AgreementState, NoteKind, Signer, TermKind, TermState, Way
from fengqiao.agreements.models import Term
from fengqiao.agreements.queries.agreements import Shown, agreements_of
from fengqiao.agreements.wording import number_in_words, words_of
from fengqiao.dossier.paper import chinese_date, cited, moment, said
from fengqiao.dossier.queries.at_court import cases_on
from fengqiao.kernel import clock
from fengqiao.matters.enums import Performance, Satisfaction, VisitMethod
from fengqiao.matters.models import Matter, Visit
from fengqiao.rules.queries.agreements import all_advice


def agreement_of(matter: Matter) -> Shown | None:
    """The agreement that took effect last, else the one that is being signed; None where none was written."""
    found = sorted(
        (each for each in agreements_of(matter) if each.agreement.state != AgreementState.DROPPED),
        key=lambda each: each.agreement.state == AgreementState.EFFECTIVE,
    )
    return found[-1] if found else None


def of_an_agreement(shown: Shown, holds: set[str]) -> dict[str, str]:
    """The agreement's own words; a fact that it does not tell of is left to the mediation."""
    agreement = shown.agreement
    if agreement.way == Way.WRITTEN:
        # It is printed to be signed.
        holds.add("written")
    words = [agreement.issues, agreement.responsibility]
    seal = next((each.name for each in shown.signatures if each.signer == Signer.ORGANISATION), "")
    number = number_in_words(agreement.year, agreement.number)
    ways = dict.fromkeys(term.how for term in shown.terms if term.how)
    values = {
        "agreement_number": number,
        "agreement_reference": number if agreement.state == AgreementState.EFFECTIVE else "",
        "agreed_facts": agreement.facts,
        "issues": "\n".join(each for each in words if each),
        "disputed": agreement.issues,
        "responsibility": agreement.responsibility or "见协议内容",
        "agreement": words_of(agreement, shown.terms),
        "agreed_on": chinese_date(agreement.effective_on) if agreement.effective_on else "",
        "performance_how": "；".join(ways) or "见协议内容",
        "performance_due": _due(shown.terms),
        "performance": "\n".join(_performed(term) for term in shown.terms if term.notes.all()),
        "organisation": seal,
        "organisation_name": seal,
    }
    return {name: value for name, value in values.items() if value}


def of_a_visit(matter: Matter, shown: Shown | None, holds: set[str]) -> dict[str, str]:
    """The last visit that reached somebody, with what was known of performance and courts on that day."""
    visit = Visit.objects.filter(matter_id=matter.id, reached=True).select_related("by").last()
    if visit is None:
        return {}
    holds.add("visited")
    on = visit.at.astimezone(clock.SHANGHAI).date()
    effective = shown is not None and shown.agreement.state == AgreementState.EFFECTIVE
    return {
        "visited_at": moment(visit.at),
        "visited_by": visit.by.name,
        "visit_method": said(VisitMethod, visit.method),
        # What the visitor left as it was is not left open.
        "visit_performance": said(Performance, visit.performance)
        or (_kept(matter, shown.terms, on) if shown and effective else "没有变化"),
        "visit_courts": "\n".join(cases_on(matter, on)) or "没有",
        "satisfaction": said(Satisfaction, visit.satisfaction),
        # A visit that was made and told of no trouble found none.
        "hidden_trouble": visit.hidden_trouble or "未发现",
        "visit_remark": visit.remark,
    }


def _due(terms: tuple[Term, ...]) -> str:
    """Until when all is to be performed; term by term where the days differ."""
    days = [(term.place, chinese_date(term.due)) for term in terms if term.due]
    if len({day for _place, day in days}) < 2:
        return days[0][1] if days else ""
    return "\n".join(f"第{place}项：{day}" for place, day in days)


def _performed(term: Term) -> str:
    """What happened to one term, in the order in which it was written down, and the ways that were told."""
    notes = [
        f"{chinese_date(note.on)}{NoteKind(note.kind).label}"
        f"{f'{note.amount:,.2f}元' if note.amount is not None else ''}，{note.text.rstrip('。；')}"
        for note in term.notes.all()
    ]
    told = dict.fromkeys(way for note in term.notes.all() for way in note.advice)
    ways = [all_advice()[way] for way in told if way in all_advice()]
    return "\n".join(
        [
            f"第{term.place}项：{'；'.join(notes)}。",
            *(f"已告知：{way.advice}（{cited(way.basis)}）" for way in ways),
        ]
    )


def _kept(matter: Matter, terms: tuple[Term, ...], on: date) -> str:
    """How many of the terms had been performed by a day; of what nobody wrote down by terms, the matter's word."""
    owed = [term for term in terms if term.state != TermState.LASTING]
    done = sum(_is_kept(term, on) for term in owed)
    return f"协议共{len(owed)}项，已履行{done}项" if done else said(Performance, matter.performance)


def _is_kept(term: Term, on: date) -> bool:
    notes = [each for each in term.notes.all() if each.kind == NoteKind.PERFORMED and each.on <= on]
    if term.kind == TermKind.PAY and term.amount is not None:
        return sum(each.amount or 0 for each in notes) >= term.amount
    return bool(notes)
