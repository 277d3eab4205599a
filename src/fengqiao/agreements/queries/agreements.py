"""The agreements of a matter, their terms and marks, and what is owed at a centre."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.effect import Marked, still_needed
from fengqiao.agreements.enums import LADDER, OWED, AgreementState, Mark, NoteKind, Signer
from fengqiao.agreements.models import Agreement, Signature, Term, TermNote
from fengqiao.agreements.policies import may_read
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter, Party
from fengqiao.mediation.models import Mediation
from fengqiao.mediation.queries.process import body_of, footing_of
from fengqiao.rules.queries.mediation_bodies import MediatingBody


@dataclass(frozen=True)
class Shown:
    """An agreement with the terms of its last draft and, while it is being signed, whose mark it lacks."""

    agreement: Agreement
    terms: tuple[Term, ...]
    signatures: tuple[Signature, ...]
    lacking: tuple[tuple[Signer, Party | None], ...]


def agreements_of(matter: Matter) -> list[Shown]:
    """Every agreement of a matter, oldest first."""
    found = list(_whole().filter(matter_id=matter.pk))
    parties = parties_to_sign(matter.pk) if found else []
    return [_shown(each, parties) for each in found]


def seen_by(actor: Actor) -> QuerySet[Agreement]:
    """The agreements that the post reads: those of matters that it sees."""
    return Agreement.objects.filter(county__in=actor.counties, matter__in=_matters(actor))


def _matters(actor: Actor) -> QuerySet[Matter, dict[str, Any]]:
    """The keys of the matters whose agreements the post reads."""
    seen = Matter.objects.visible_to(actor) if may_read(actor) else Matter.objects.none()
    return seen.order_by().values("pk")


def agreement_by_id(actor: Actor, agreement_id: UUID) -> Shown:
    """One agreement of a matter that the actor sees; ``NotAllowed`` for any other."""
    found = _whole().filter(pk=agreement_id, matter__in=_matters(actor)).select_related("matter").first()
    if found is None:
        raise NotAllowed("agreement_not_found", _("没有这份协议，或您看不到它。"))
    return _shown(found, parties_to_sign(found.matter_id))


def term_by_id(actor: Actor, term_id: UUID) -> Term:
    """One term of a matter that the actor sees; ``NotAllowed`` for any other."""
    found: Term | None = (
        Term.objects.filter(pk=term_id, matter__in=_matters(actor))
        .select_related("matter", "debtor", "creditor", "agreement")
        .first()
    )
    if found is None:
        raise NotAllowed("term_not_found", _("没有这一项约定，或您看不到它。"))
    return found


def drafts_of(mediations: QuerySet[Mediation], *, most: int) -> list[Shown]:
    """Papers of these mediations that are being signed, each with whose mark it lacks; five statements."""
    drafts = _whole().filter(mediation__in=mediations, state=AgreementState.DRAFT).select_related("matter")
    found = list(drafts.order_by("drafted_at", "id")[:most])
    parties: dict[UUID, list[Party]] = {}
    matters = [each.matter_id for each in found]
    for party in Party.objects.filter(matter_id__in=matters, agent_of=None) if found else ():
        parties.setdefault(party.matter_id, []).append(party)
    return [_shown(each, parties.get(each.matter_id, [])) for each in found]


def parties_to_sign(matter_id: UUID) -> list[Party]:
    """各方当事人: everybody in the matter but those who act for somebody, in their order."""
    return list(Party.objects.filter(matter_id=matter_id, agent_of=None).prefetch_related("agents"))


def current_terms(agreement: Agreement) -> QuerySet[Term]:
    """The terms of the last draft."""
    return Term.objects.filter(agreement=agreement, draft=agreement.draft)


def marks_of(agreement: Agreement) -> list[Marked]:
    """The marks that stand under it."""
    return [_marked(each) for each in agreement.signatures.all()]


def owed_at(actor: Actor, *, until: date | None = None) -> QuerySet[Term]:
    """What is owed under agreements of matters that the actor's centre holds, the earliest day first.

    ``until``: only what is due on that day or before.
    """
    held = _matters(actor).filter(holder_id=actor.centre_id)
    found = Term.objects.filter(county__in=actor.counties, state__in=OWED, matter__in=held)
    if until is not None:
        found = found.filter(due__lte=until)
    return found.select_related("matter", "debtor", "creditor", "agreement").order_by("due", "id")


def next_step(due: date | None, notes: Iterable[tuple[str, date]]) -> NoteKind | None:
    """What the ladder asks next of who keeps the plan, once a term is overdue: reminder, visit, the ways of the law.

    ``notes``: what was done, and on which day; a reminder before the day is none of a default. None when all was done.
    """
    done = {kind for kind, on in notes if due is not None and on > due}
    for kind in reversed(LADDER):
        if kind in done:
            return next(iter(LADDER[LADDER.index(kind) + 1 :]), None)
    return LADDER[0]


def mediated_by(agreement: Agreement) -> MediatingBody | None:
    """The kind of organisation that mediates: it says whose marks are needed and on which the effect waits."""
    return body_of(footing_of(agreement.mediation))


def _whole() -> QuerySet[Agreement]:
    notes = TermNote.objects.select_related("by", "paper")
    terms = (
        Term.objects.filter(draft=F("agreement__draft"))
        .select_related("debtor", "creditor")
        .prefetch_related(Prefetch("notes", queryset=notes))
    )
    return Agreement.objects.select_related("drafted_by", "mediation").prefetch_related(
        Prefetch("terms", queryset=terms),
        Prefetch("signatures", queryset=Signature.objects.select_related("party", "agent")),
    )


def _shown(agreement: Agreement, parties: Sequence[Party]) -> Shown:
    signatures = tuple(agreement.signatures.all())
    lacking: tuple[tuple[Signer, Party | None], ...] = ()
    if agreement.state == AgreementState.DRAFT:
        by_id = {party.pk: party for party in parties}
        body = mediated_by(agreement)
        lacking = tuple(
            (signer, by_id[party] if isinstance(party, UUID) else None)
            for signer, party in still_needed(
                list(by_id), [_marked(each) for each in signatures], seals=body is None or body.seals
            )
        )
    return Shown(agreement, tuple(agreement.terms.all()), signatures, lacking)


def _marked(signature: Signature) -> Marked:
    return Marked(Signer(signature.signer), Mark(signature.mark), signature.on, signature.party_id)
