"""Agreements of the played county: written and signed by all, performed item by item, or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.domain import performing, signing, writing
from fengqiao.agreements.domain.writing import NO
from fengqiao.agreements.enums import OWED, Mark, Signer, TermKind
from fengqiao.agreements.models import Term
from fengqiao.agreements.terms import NewTerm
from fengqiao.kernel import clock
from fengqiao.matters.domain.settling import record_performance
from fengqiao.matters.enums import ClaimKind, PartyRole
from fengqiao.matters.models import Matter, Party
from fengqiao.rules.queries.agreements import questions_on

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play

CHASING = (
    (performing.remind, "电话催告，对方说再等几天。"),
    (performing.visit, "上门时只见到家人。"),
    (performing.advise, "当面告知了反映人。"),
)


def sides(matter: Matter) -> tuple[list[Party], Party | None]:
    """Everybody who signs, and who answers for the other side; None where nobody is named there."""
    parties = list(matter.parties.filter(agent_of=None))
    return parties, next((each for each in parties if each.role == PartyRole.RESPONDENT), None)


def sign_by_all(actor: Actor, matter: Matter, text: str, due: date, seal: str) -> object:
    """Drafted, thought over and signed on one day: the last mark, the committee's ``seal``, settles the matter."""
    parties, respondent = sides(matter)
    petitioner = next(each for each in parties if each.role == PartyRole.PETITIONER)
    if respondent is None:
        raise AssertionError("nobody to agree with")
    term = NewTerm(TermKind.DO, respondent.pk, what=text[:200], creditor=petitioner.pk, due=due)
    if matter.amount:
        term = replace(term, kind=TermKind.PAY, what="", amount=matter.amount, how="转账，收条存卷")
    claims = [claim.text or str(ClaimKind(claim.kind).label) for claim in matter.claims.all()]
    agreement = writing.draft(
        actor=actor,
        matter_id=matter.pk,
        facts=matter.account or matter.title,
        issues="；".join(claims) or matter.title,
        responsibility="",
        terms=(term,),
    )
    answers = {each.id: NO for each in questions_on(clock.today())}
    writing.answer(actor=actor, agreement_id=agreement.pk, answers=answers)
    sign = partial(signing.sign, actor=actor, agreement_id=agreement.pk, on=clock.today())
    sign(signer=Signer.PARTY, mark=Mark.FINGERPRINT, parties=[each.pk for each in parties])
    sign(signer=Signer.MEDIATOR, mark=Mark.SIGNATURE, name=actor.name)
    sign(signer=Signer.ORGANISATION, mark=Mark.SEAL, name=seal)
    return agreement


def owed(play: Play) -> list[Term]:
    """What is owed still under the matter's agreement."""
    with play.seen():
        return list(Term.objects.filter(matter_id=play.matter.pk, state__in=OWED))


def perform_all(actor: Actor, terms: list[Term], summary: str) -> None:
    """Each item is performed; the last one says so of the matter too."""
    for term in terms:
        left = term.amount - term.paid if term.amount is not None else None
        performing.perform(actor=actor, term_id=term.pk, on=clock.today(), amount=left, text=summary)


def default(actor: Actor, matter: Matter, terms: list[Term], summary: str) -> None:
    """Reminded, visited, told what the law leaves; then the matter is opened again."""
    today = clock.today()
    for term in terms:
        for verb, text in CHASING:
            verb(actor=actor, term_id=term.pk, on=today, text=text)
    record_performance(actor=actor, matter_id=matter.pk, performed=False, summary=summary)
