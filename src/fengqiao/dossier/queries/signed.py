"""Signatures that were drawn on a tablet, as the paper of the agreement shows them."""

from __future__ import annotations

from fengqiao.agreements.drawing import svg_of
from fengqiao.agreements.enums import AgreementState, Signer
from fengqiao.agreements.models import Signature
from fengqiao.dossier.paper import DrawnMark, moment
from fengqiao.matters.models import Matter

# The form on which they stand, and beneath which line of its closing.
AGREEMENT = "agreement"
LINES = {Signer.PARTY: 0, Signer.MEDIATOR: 1}
# So much of a digest is printed; the whole stands on the page of the agreement.
PRINTED = 16


def drawn_on(matter: Matter) -> tuple[DrawnMark, ...]:
    """Of the agreement that took effect, else of the one that is being signed; one statement."""
    found = list(
        Signature.objects.filter(matter_id=matter.pk, strokes__isnull=False)
        .exclude(agreement__state=AgreementState.DROPPED)
        .select_related("agreement", "party")
    )
    effective = [each for each in found if each.agreement.state == AgreementState.EFFECTIVE]
    return tuple(
        DrawnMark(LINES[Signer(each.signer)], _label(each), svg_of(each.strokes or []))
        for each in effective or found
    )


def is_drawn_by_all(matter: Matter) -> bool:
    """Whether every person who signed the agreement in effect drew on the tablet; a seal is never drawn."""
    persons = Signature.objects.filter(
        matter_id=matter.pk, agreement__state=AgreementState.EFFECTIVE, signer__in=list(LINES)
    )
    drawn = set(persons.values_list("strokes__isnull", flat=True))
    return drawn == {False}


def _label(signature: Signature) -> str:
    """Who, for whom, when, and the digest that ties it to the words."""
    of = f"（代{signature.party.name}）" if signature.agent_id and signature.party else ""
    digest = signature.drawn_sm3[:PRINTED]
    return f"{signature.name}{of}　{moment(signature.recorded_at)}平板签署　SM3 {digest}…"
