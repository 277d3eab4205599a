"""Steps three and four: assess with written grounds, route by track."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.domain.move import locked, move
from fengqiao.matters.domain.ruling import keep_ruling
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Action, Risk, Track, WordKind
from fengqiao.matters.models import Assessment, Matter
from fengqiao.matters.models.base import of
from fengqiao.matters.queries.ruled import TABLES, Proposal, asked


def skip_mediation(
    *, actor: Actor, matter_id: UUID, refused: bool, reason: str, version: int | None = None
) -> Matter:
    """No mediation: a party refused it, or the matter is not fit for it. Both are written down."""
    reason = needed("reason", reason, _("请写明谁不同意调解，或为什么不适宜调解。"), shortest=4)
    return move(
        actor=actor,
        matter_id=matter_id,
        action=Action.SKIP_MEDIATION,
        branch="refused" if refused else "not_fit",
        version=version,
        words={WordKind.REASON: reason},
    )


def assess(*, actor: Actor, matter_id: UUID, level: Risk, grounds: str, version: int | None = None) -> Matter:
    """How likely the quarrel is to hurt someone, with the grounds in writing. The matter, never a person."""
    grounds = needed("grounds", grounds, _("请写明研判的依据（至少十个字）。"), shortest=10)
    found = _proposed(actor, matter_id, Action.ASSESS, version)
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.ASSESS,
        version=version,
        changes={"risk": level},
        parameters={"level": level, "rule": found.beside(level)},
        words={WordKind.GROUNDS: grounds},
    )
    keep_ruling(matter, actor=actor, action=Action.ASSESS, found=found, proposed=found.chosen, chosen=level)
    Assessment.objects.create(**of(matter), level=level, grounds=grounds, by=actor.person_id, at=clock.now())
    return matter


def route(*, actor: Actor, matter_id: UUID, track: Track, reason: str, version: int | None = None) -> Matter:
    """Which of the three tracks, by the nature of the claims, who is complained of and the procedures used."""
    reason = needed("reason", reason, _("请写明分类的理由。"))
    found = _proposed(actor, matter_id, Action.ROUTE, version)
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.ROUTE,
        version=version,
        changes={"track": track},
        parameters={"track": track, "rule": found.beside(track)},
        words={WordKind.REASON: reason},
    )
    keep_ruling(matter, actor=actor, action=Action.ROUTE, found=found, proposed=found.chosen, chosen=track)
    return matter


def _proposed(actor: Actor, matter_id: UUID, action: Action, version: int | None) -> Proposal:
    """Which table, version and row propose what for this choice; the matter's row is locked before it is asked.

    The reason for another choice is the one that every choice has in writing.
    """
    return asked(actor, TABLES[action], locked(actor=actor, matter_id=matter_id, version=version))
