"""Agreements of a mediation and their performance, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.domain import performing, signing, sketching, writing
from fengqiao.agreements.domain.sketching import Kept
from fengqiao.agreements.enums import AgreementAction
from fengqiao.agreements.models import Agreement, Term
from fengqiao.audit.domain.record import attempt
from fengqiao.flows.once import Once

ON_A_MATTER: dict[AgreementAction, Callable[..., Agreement]] = {
    AgreementAction.DRAFT: writing.draft,
    AgreementAction.AGREE: signing.agree_orally,
}
ON_AN_AGREEMENT: dict[AgreementAction, Callable[..., Agreement]] = {
    AgreementAction.AMEND: writing.amend,
    AgreementAction.CHECK: writing.answer,
    AgreementAction.SIGN: signing.sign,
    AgreementAction.DROP: writing.drop,
}
ON_A_TERM: dict[AgreementAction, Callable[..., Term]] = {
    AgreementAction.PERFORM: performing.perform,
    AgreementAction.REMIND: performing.remind,
    AgreementAction.VISIT: performing.visit,
    AgreementAction.ADVISE: performing.advise,
}


def begin(
    *, actor: Actor, matter_id: UUID, action: AgreementAction, once: Once | None = None, **values: Any
) -> Agreement:
    """Writes a draft, or records an oral agreement; a refusal is rolled back and audited."""
    with attempt(actor, verb=f"agreement.{action}", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        made = ON_A_MATTER[action](actor=actor, matter_id=matter_id, **values)
        if once:
            once.keep(_kept(made, action))
        return made


def keep_sketch(*, actor: Actor, matter_id: UUID, **values: Any) -> Kept:
    """Keeps what is typed of an agreement; a refusal is rolled back and audited, without a word of it."""
    with attempt(actor, verb="agreement.sketch", subject=f"matter:{matter_id}"):
        return sketching.keep_sketch(actor=actor, matter_id=matter_id, **values)


def act(
    *, actor: Actor, agreement_id: UUID, action: AgreementAction, once: Once | None = None, **values: Any
) -> Agreement:
    """What is done with a draft until it takes effect or is given up."""
    with attempt(actor, verb=f"agreement.{action}", subject=f"agreement:{agreement_id}"):
        if once:
            once.begin()
        done = ON_AN_AGREEMENT[action](actor=actor, agreement_id=agreement_id, **values)
        if once:
            once.keep(_kept(done, action))
        return done


def on_term(
    *, actor: Actor, term_id: UUID, action: AgreementAction, once: Once | None = None, **values: Any
) -> Term:
    """What happened to one term after the agreement took effect."""
    with attempt(actor, verb=f"agreement.{action}", subject=f"term:{term_id}"):
        if once:
            once.begin()
        done = ON_A_TERM[action](actor=actor, term_id=term_id, **values)
        if once:
            once.keep(_kept(done, action))
        return done


def _kept(written: Agreement | Term, action: AgreementAction) -> dict[str, Any]:
    """What the answer is made of: also when the same request comes again."""
    return {"id": str(written.pk), "said": str(action), "version": written.matter.version}
