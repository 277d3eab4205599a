"""The mediations of a matter."""

from __future__ import annotations

from django.db.models import Prefetch

from fengqiao.accounts.actor import Actor
from fengqiao.matters.models import Matter
from fengqiao.mediation.models import Consent, Mediation
from fengqiao.mediation.policies import may_tell


def mediations_of(matter: Matter, *, within: slice = slice(None)) -> list[Mediation]:
    """Each mediation (or a slice of them) with its mediator, the parties' answers and what they were told."""
    answers = Consent.objects.select_related("told").prefetch_related("party")
    return list(
        Mediation.objects.filter(matter_id=matter.id)
        .select_related("mediator")
        .prefetch_related(Prefetch("consents", queryset=answers))
        .order_by("sent_at", "id")[within]
    )


def to_be_told(actor: Actor, matter: Matter, mediations: list[Mediation]) -> list[Consent]:
    """Answers of the running mediation whose parties still have to be told, where the post may write it down."""
    if not may_tell(actor, matter):
        return []
    return [
        consent
        for each in mediations
        if each.ended_at is None
        for consent in each.consents.all()
        if not hasattr(consent, "told")
    ]
