"""Agreements of a mediation and their performance, from any door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.domain import performing, signing, sketching, writing
from fengqiao.agreements.domain.sketching import Kept
from fengqiao.agreements.enums import AgreementAction
from fengqiao.agreements.models import Agreement, Term
from fengqiao.audit.domain.record import attempt
from fengqiao.flows.materials import Upload, attach_all
from fengqiao.flows.once import Once

# As the dossier and the packet for the court find it (rules/data/dossier.csv), whatever language one reads.
PROOF = "履行凭证"
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


def keep_sketch(*, actor: Actor, matter_id: UUID, once: Once | None = None, **values: Any) -> Kept:
    """Keeps what is typed of an agreement; a refusal is rolled back and audited, without a word of it."""
    with attempt(actor, verb="agreement.sketch", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        kept = sketching.keep_sketch(actor=actor, matter_id=matter_id, **values)
        if once:
            once.keep({"version": kept.version})
        return kept


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
    *,
    actor: Actor,
    term_id: UUID,
    action: AgreementAction,
    uploads: Sequence[Upload] = (),
    once: Once | None = None,
    **values: Any,
) -> Term:
    """What happened to one term after the agreement took effect; ``uploads``: the proof, kept as a material."""
    with attempt(actor, verb=f"agreement.{action}", subject=f"term:{term_id}"):
        if once:
            once.begin()
        matter_id = Term.objects.filter(pk=term_id).values_list("matter_id", flat=True).first()
        proof = _proof(actor, matter_id, uploads, values)
        done = ON_A_TERM[action](actor=actor, term_id=term_id, **values, **proof)
        if once:
            once.keep(_kept(done, action))
        return done


def perform_several(
    *,
    actor: Actor,
    agreement_id: UUID,
    uploads: Sequence[Upload] = (),
    once: Once | None = None,
    **values: Any,
) -> Agreement:
    """Several terms performed at once: all of them or none, with the one proof."""
    action = AgreementAction.PERFORM_SEVERAL
    with attempt(actor, verb=f"agreement.{action}", subject=f"agreement:{agreement_id}"):
        if once:
            once.begin()
        matter_id = Agreement.objects.filter(pk=agreement_id).values_list("matter_id", flat=True).first()
        proof = _proof(actor, matter_id, uploads, values)
        done = performing.perform_several(actor=actor, agreement_id=agreement_id, **values, **proof)
        if once:
            once.keep(_kept(done, action))
        return done


def _proof(
    actor: Actor, matter_id: UUID | None, uploads: Sequence[Upload], values: dict[str, Any]
) -> dict[str, Any]:
    """The file that was handed in, as a material of the matter."""
    if not uploads or matter_id is None:
        return {}
    # What adds the proof has asked for the version; the matter has another one after it.
    [kept, *_others] = attach_all(
        actor=actor,
        matter_id=matter_id,
        uploads=uploads,
        purpose=PROOF,
        version=values.pop("version", None),
    )
    return {"paper_id": kept.pk}


def _kept(written: Agreement | Term, action: AgreementAction) -> dict[str, Any]:
    """What the answer is made of: also when the same request comes again."""
    return {"id": str(written.pk), "said": str(action), "version": written.matter.version}
