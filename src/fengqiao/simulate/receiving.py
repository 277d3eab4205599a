"""Registered and accepted: what the window and the centre do first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fengqiao.accounts.enums import Role
from fengqiao.matters.domain import accepting, amending, assessing, settling
from fengqiao.matters.enums import Action, Danger, ProcedureKind, Track
from fengqiao.matters.guards import POST_OF_TRACK
from fengqiao.simulate import mediation
from fengqiao.simulate.turns import Turn

if TYPE_CHECKING:
    from fengqiao.simulate.playing import Play

COURT_DESK = "恩平市人民法院诉讼服务中心"


def registered(play: Play) -> Turn | None:
    m = play.matter
    if play.fate.path == "guided" and "at_once" in play.fate.turns:
        return _guide(play)
    return play.do(
        Action.ACCEPT, lambda a: accepting.accept(actor=a, matter_id=m.id), prefer=(Role.REGISTRAR,)
    )


def accepted(play: Play) -> Turn | None:
    m, fate = play.matter, play.fate
    if m.version <= 2 and "amended" in fate.turns:
        facts = {"people": (m.people or 1) + 1}
        return play.do(
            Action.AMEND,
            lambda a: amending.amend(
                actor=a, matter_id=m.id, facts=facts, reason="来访人补充：还有一户也在其中"
            ),
        )
    if fate.path == "withdrawn":
        return _withdraw(play)
    if fate.path == "guided":
        return _guide(play)
    if fate.path == "redirected" and "at_once" in fate.turns:
        return redirect(play)
    officer = play.someone([POST_OF_TRACK[Track(fate.story.track)]])
    if fate.path == "on_spot" and officer is not None:
        result = play.say(fate.story.dispositions)
        return Turn(
            officer,
            f"matter.{Action.SETTLE_ON_SPOT}",
            lambda a: accepting.settle_on_spot(actor=a, matter_id=m.id, result=result),
        )
    if fate.path == "mediated" and m.danger != Danger.DOMESTIC and "second_thoughts" not in fate.turns:
        return mediation.send(play)
    return _skip_mediation(play)


def redirect(play: Play, body: str = COURT_DESK) -> Turn | None:
    """To the court, at once or when it has been seen that nothing else helps."""
    m = play.matter
    return play.do(
        Action.REDIRECT,
        lambda a: accepting.redirect(
            actor=a,
            matter_id=m.id,
            kind=ProcedureKind.LITIGATION,
            body=body,
            explanation="争议已超出调解范围，当事人愿意通过诉讼解决，已协助准备立案材料。",
        ),
    )


def _guide(play: Play) -> Turn | None:
    m = play.matter
    return play.do(
        Action.GUIDE,
        lambda a: accepting.guide(
            actor=a,
            matter_id=m.id,
            body="恩平市公共法律服务中心",
            explanation="已说明应由哪里决定、要带哪些材料，并电话联系窗口约好时间，由同事陪同前往。",
        ),
    )


def _withdraw(play: Play) -> Turn | None:
    m, fate = play.matter, play.fate
    who = "反映人" if fate.shielded else fate.names[0]
    reason = f"{who}来电说双方已自己商量好，不用再办，已记录原话。"
    return play.do(Action.WITHDRAW, lambda a: settling.withdraw(actor=a, matter_id=m.id, reason=reason))


def _skip_mediation(play: Play) -> Turn | None:
    m = play.matter
    refused = play.fate.story.against in ("person", "organisation") and m.danger != Danger.DOMESTIC
    reason = "对方明确表示不同意调解。" if refused else "属行政机关职责事项，不适宜调解。"
    if m.danger == Danger.DOMESTIC:
        reason = "涉家庭暴力，不适宜调解，已先处置危险。"
    return play.do(
        Action.SKIP_MEDIATION,
        lambda a: assessing.skip_mediation(actor=a, matter_id=m.id, refused=refused, reason=reason),
        "refused" if refused else "not_fit",
        prefer=(Role.REGISTRAR,),
    )
