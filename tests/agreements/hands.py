"""An agreement as far as a story needs it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain import signing, writing
from fengqiao.agreements.enums import Mark, NoteKind, Signer, TermKind, TermState, Way
from fengqiao.agreements.models import Agreement, Signature, Sketch, Term, TermNote
from fengqiao.agreements.terms import NewTerm
from fengqiao.kernel import clock
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter, Party
from fengqiao.matters.models.base import of
from fengqiao.mediation.domain import standing
from fengqiao.mediation.domain.mediating import send_to_mediation
from fengqiao.mediation.models import Mediation
from fengqiao.rules.queries.agreements import questions_on
from tests.matters.ground import EVERYWHERE, act
from tests.small_county import SmallCounty, brought_to

WORDS = {
    "facts": "三名工人在工地做工两个月，工资没有付清。",
    "issues": "工资数额和付款时间。",
    "responsibility": "用人单位承担付款责任。",
}
MEDIATOR = {"signer": Signer.MEDIATOR, "mark": Mark.SIGNATURE, "name": "调解员老陈"}
SEAL = {"signer": Signer.ORGANISATION, "mark": Mark.SEAL, "name": "恩城街道人民调解委员会"}


def mediating(county: SmallCounty, **changes: Any) -> Matter:
    matter = brought_to(county, State.ACCEPTED, **changes)
    consents = {party.pk: True for party in parties_of(matter)}
    act(county, Role.REGISTRAR, send_to_mediation, matter, consents=consents)
    return matter


def parties_of(matter: Matter) -> list[Party]:
    with scope(EVERYWHERE):
        return list(matter.parties.filter(agent_of=None))


def pays(matter: Matter, amount: str | None = "5000.00", *, days: int = 30, **more: Any) -> NewTerm:
    creditor, debtor = parties_of(matter)[:2]
    given: dict[str, Any] = {
        "kind": TermKind.PAY,
        "debtor": debtor.pk,
        "creditor": creditor.pk,
        "amount": Decimal(amount) if amount else None,
        "due": clock.today() + timedelta(days=days),
        "how": "转账",
    }
    return NewTerm(**(given | more))


def does(matter: Matter, what: str = "把屋檐的水改道", *, days: int = 10, **more: Any) -> NewTerm:
    given: dict[str, Any] = {
        "kind": TermKind.DO,
        "debtor": parties_of(matter)[1].pk,
        "what": what,
        "due": clock.today() + timedelta(days=days),
    }
    return NewTerm(**(given | more))


def drafted(county: SmallCounty, matter: Matter, *terms: NewTerm, **more: Any) -> Agreement:
    who = more.pop("who", Role.MEDIATOR)
    given = WORDS | {"terms": terms or (pays(matter),)}
    return act(county, who, writing.draft, matter, **(given | more))


def answered(county: SmallCounty, agreement: Agreement, **answers: str) -> None:
    said = {each.id: "no" for each in questions_on(clock.today())} | answers
    act(county, Role.MEDIATOR, writing.answer, agreement_id=agreement.pk, answers=said)


def signs(county: SmallCounty, agreement: Agreement, **said: Any) -> Agreement:
    given = {"signer": Signer.PARTY, "mark": Mark.SIGNATURE, "on": clock.today()}
    who = said.pop("who", Role.MEDIATOR)
    return act(county, who, signing.sign, agreement_id=agreement.pk, **(given | said))


def signed(county: SmallCounty, matter: Matter, *terms: NewTerm) -> Agreement:
    """Drafted, thought over, and signed by everybody: it is effective."""
    agreement = drafted(county, matter, *terms)
    answered(county, agreement)
    signs(county, agreement, parties=[party.pk for party in parties_of(matter)])
    signs(county, agreement, **MEDIATOR)
    return signs(county, agreement, **SEAL)


def stands(county: SmallCounty, matter: Matter, party: Party, kind: str, **said: Any) -> None:
    given = {"party_id": party.pk, "kind": kind}
    act(county, Role.MEDIATOR, standing.write_standing, matter, **(given | said))


def terms_of(agreement: Agreement) -> list[Term]:
    with scope(EVERYWHERE):
        now = Agreement.objects.get(pk=agreement.pk)
        return list(Term.objects.filter(agreement=now, draft=now.draft))


def lie_agreed(actor: Actor, matter: Matter, *, mediated: Matter | None = None) -> Agreement:
    """An effective agreement with a row in each table: the rows alone, for grounds.

    ``mediated``: the matter that has the mediation, where the doors of a mediation are tried at this one.
    """
    moment = clock.now()
    day = clock.today()
    mediated = mediated or matter
    with scope(actor):
        mediation = Mediation.objects.filter(matter_id=mediated.pk).first() or Mediation.objects.create(
            **of(mediated), sent_by=actor.person_id, sent_at=moment, ended_at=moment, result="written"
        )
        party = matter.parties.first()
        last = Agreement.objects.filter(county=matter.county).count()
        agreement = Agreement.objects.create(
            **of(matter),
            mediation=mediation,
            way=Way.WRITTEN,
            state="effective",
            year=day.year,
            number=90_000 + last,
            facts=WORDS["facts"],
            issues=WORDS["issues"],
            drafted_by_id=actor.person_id,
            drafted_at=moment,
            effective_on=day,
        )
        term = Term.objects.create(
            **of(matter),
            agreement=agreement,
            draft=1,
            place=1,
            kind=TermKind.PAY,
            debtor=party,
            creditor=party,
            amount=Decimal(100),
            due=day,
            state=TermState.DUE,
        )
        Signature.objects.create(
            **of(matter),
            agreement=agreement,
            signer=Signer.PARTY,
            party=party,
            name="张三",
            mark=Mark.SIGNATURE,
            on=day,
            recorded_by_id=actor.person_id,
            recorded_at=moment,
        )
        TermNote.objects.create(
            **of(matter),
            term=term,
            kind=NoteKind.REMINDED,
            on=day,
            text="打了电话",
            by_id=actor.person_id,
            recorded_at=moment,
        )
        Sketch.objects.create(
            **of(matter),
            mediation=mediation,
            agreement=agreement,
            draft=1,
            version=last + 1,
            cells={"facts": WORDS["facts"]},
            by_id=actor.person_id,
            at=moment,
            taken_at=moment,
        )
    return agreement
