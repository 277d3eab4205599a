"""The caller scores the department: how it answered this one call, after it has ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.domain.whistling import matter_of, tell
from fengqiao.dispatch.enums import CallState
from fengqiao.dispatch.models import Call, CallScore
from fengqiao.dispatch.models.score import HIGHEST, LOWEST
from fengqiao.dispatch.policies import called_by, whistles_visible_to
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import State, WordKind
from fengqiao.matters.models import Matter

SCORED_WITHIN = timedelta(days=30)
AMENDED_WITHIN = timedelta(days=7)
ENDED = (CallState.DONE, CallState.STOOD_DOWN)


def score_call(*, actor: Actor, call_id: UUID, score: int, reason: str) -> CallScore:
    """Scores the answer to a call that has ended, or amends the score while it may still be amended.

    Refuses everybody but who called, in the post that called, and every court and procuratorate: they were
    invited, and are never scored.
    """
    if score not in range(LOWEST, HIGHEST + 1):
        raise Invalid({"score": _("请选 1 到 5 分。")})
    reason = needed("reason", reason, _("请写明为什么给这个分。"), shortest=4)
    matter = matter_of(call_id)
    call = Call.objects.select_for_update(of=("self",)).filter(called_by(actor), pk=call_id).first()
    if call is None or not whistles_visible_to(actor).filter(pk=call.whistle_id).exists():
        raise NotAllowed("may_not_score", _("由吹哨的人用吹哨时的岗位评分。"))
    before = list(CallScore.objects.filter(call=call))
    refusal = refusal_to_score(call, before)
    if refusal is not None:
        raise refusal
    standing = next((each for each in before if each.replaced_at is None), None)
    now = clock.now()
    if standing is not None:
        if (standing.score, standing.reason) == (score, reason):
            raise Refusal("same_score", _("分数和理由都没有改。"))
        standing.replaced_at = now
        standing.save(update_fields=["replaced_at"])
    given = CallScore.objects.create(
        county=call.county,
        restriction=call.restriction,
        matter_id=call.matter_id,
        call=call,
        score=score,
        reason=reason,
        by_id=actor.person_id,
        at=now,
    )
    _tell(actor, matter, call, "whistle.rescored" if standing else "whistle.scored", given)
    return given


def refusal_to_score(call: Call, before: Sequence[CallScore]) -> Refusal | None:
    """Why this call is not scored (any more), whoever asks; ``before`` are its scores, the oldest first."""
    if call.invitation:
        return Refusal("not_scored", _("法院、检察院是邀请来的，依法独立办案，不评分。"))
    if call.state not in ENDED or call.done_at is None:
        return Refusal("not_ended", _("这次吹哨还没有了结，了结后再评分。"))
    now = clock.now()
    if before and before[0].at < now - AMENDED_WITHIN:
        return Refusal("score_stands", _("评分已经超过 %(days)d 天，不能再改。") % _days(AMENDED_WITHIN))
    if not before and call.done_at < now - SCORED_WITHIN:
        return Refusal("score_too_late", _("了结已经超过 %(days)d 天，不再评分。") % _days(SCORED_WITHIN))
    return None


def _days(period: timedelta) -> dict[str, int]:
    return {"days": period.days}


def _tell(actor: Actor, matter: Matter | None, call: Call, kind: str, given: CallScore) -> None:
    if matter is not None and matter.state == State.ARCHIVED:
        # Its history is frozen; the score is told by the audit.
        matter = None
    parameters: dict[str, object] = {"department": call.department_id, "score": given.score}
    tell(actor, matter, call.whistle, kind, parameters, {WordKind.REASON: given.reason})
