"""Steps three and four: assess with written grounds, route by track."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.domain.move import locked, move
from fengqiao.matters.domain.ruling import keep_ruling
from fengqiao.matters.domain.stakes import named, said_of
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import Action, Risk, Tier, Track, WordKind
from fengqiao.matters.models import Assessment, Matter
from fengqiao.matters.models.base import of
from fengqiao.matters.queries.ruled import TABLES, Proposal, asked, of_facts, report_of
from fengqiao.rules.enums import TableKind


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


def assess(
    *,
    actor: Actor,
    matter_id: UUID,
    level: Risk,
    grounds: str,
    tier: Tier | str | None = None,
    tier_reason: str = "",
    stakes: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Matter:
    """How likely the quarrel is to hurt someone, with the grounds in writing. The matter, never a person.

    ``tier``: which level's centre is the usual one for it, where that is said; it moves nothing by itself.
    ``tier_reason``: why another tier than the table proposes; asked for only then. ``stakes``: what was found
    to be at stake (``intake.STAKES``); what is left out stays as it was, and the tables are asked with it.
    """
    grounds = needed("grounds", grounds, _("请写明研判的依据（至少十个字）。"), shortest=10)
    asked_of = locked(actor=actor, matter_id=matter_id, version=version)
    changed = said_of(asked_of, stakes)
    found = asked(actor, TABLES[Action.ASSESS], asked_of)
    tiers = of_facts(TableKind.TIER, found.county, found.facts) if tier else None
    differs = tiers is not None and tiers.chosen not in ("", tier)
    tier_reason = allowed("tier_reason", tier_reason) if differs else ""
    said: dict[str, Any] = {"tier": tier, "tier_rule": tiers.beside(str(tier))} if tiers else {}
    # Asked about the risk that the officer found, not about the one that was proposed.
    said |= {"report": report_of(asked_of, {**found.facts, "risk": level})}
    matter = move(
        actor=actor,
        matter_id=matter_id,
        action=Action.ASSESS,
        version=version,
        changes={"risk": level, **changed},
        parameters={"level": level, "rule": found.beside(level), **said, **named(changed)},
        words={WordKind.GROUNDS: grounds} | ({WordKind.REASON: tier_reason} if tier_reason else {}),
    )
    # After the policy and the guards: what may not be done at all is not asked for its reason.
    if tiers and differs:
        needed("tier_reason", tier_reason, _why_another_tier(tiers))
    keep_ruling(matter, actor=actor, action=Action.ASSESS, found=found, proposed=found.chosen, chosen=level)
    if tiers:
        keep_ruling(
            matter, actor=actor, action=Action.ASSESS, found=tiers, proposed=tiers.chosen, chosen=str(tier)
        )
    Assessment.objects.create(
        **of(matter), level=level, tier=tier or "", grounds=grounds, by=actor.person_id, at=clock.now()
    )
    return matter


def _why_another_tier(found: Proposal) -> Any:
    row = found.answer.row
    sentence = _("规则表 %(row)s 行建议%(tier)s：请写明为什么不同。")
    return sentence % {"row": row.id if row else "", "tier": found.label}


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
