"""What became of a referral: accepted, refused, reminded of, given back, called back.

A post of the office answers where that office is on the platform; else an officer of the centre writes down what it
said (``contact``), with its paper where there is one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal, Stale
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import WordKind
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.mediation.enums import AGREED
from fengqiao.mediation.models import Mediation
from fengqiao.referrals.domain import bearing
from fengqiao.referrals.domain.sending import NAME, lay_along, wrong_papers
from fengqiao.referrals.enums import OPEN, Outcome, ReferralAction, ReferralState
from fengqiao.referrals.models import Referral, ReferralPaper
from fengqiao.referrals.policies import DANGER, check, is_of_office, may_keep
from fengqiao.rules.queries.referral_kinds import ReferralKind, all_kinds


def accept(
    *,
    actor: Actor,
    referral_id: UUID,
    contact: str,
    at: datetime | None = None,
    number: str = "",
    paper_id: UUID | None = None,
    version: int | None = None,
) -> Referral:
    """接收: who took it over, when, under which number. Of a report to the police this is the receipt."""
    matter, referral, kind = _opened(actor, referral_id, version, ReferralAction.ACCEPT)
    if referral.state != ReferralState.WAITING:
        raise Refusal("accepted_already", _("已经接收了。"))
    contact = _name("contact", contact, _("请写明由谁接收的。"))
    number = allowed("number", number)
    if kind.tells == DANGER and not number:
        raise Invalid({"number": _("请写明回执的编号（接警编号、登记号）。")})
    if len(number) > NAME:
        raise Invalid({"number": _("最多 %(n)d 个字。") % {"n": NAME}})
    at = _moment(referral, at)
    changes = {"state": ReferralState.ACCEPTED, "accepted_at": at, "contact": contact}
    if number:
        changes["number"] = number
    _changed(matter, actor, referral, ReferralAction.ACCEPT, changes, paper_id=paper_id)
    bearing.tell(matter, actor, kind, kind.on_accepted, at)
    return referral


def refuse(
    *,
    actor: Actor,
    referral_id: UUID,
    reason: str,
    at: datetime | None = None,
    paper_id: UUID | None = None,
    version: int | None = None,
) -> Referral:
    """不接收, with the reason. A report to the police is not refused: without a receipt it stays open."""
    matter, referral, kind = _opened(actor, referral_id, version, ReferralAction.REFUSE)
    if kind.tells == DANGER:
        raise Refusal("report_stands", _("报告公安机关没有“不接收”：没有回执就一直列为未办，请再报。"))
    if referral.state != ReferralState.WAITING:
        raise Refusal("accepted_already", _("已经接收了。"))
    reason = needed("reason", reason, _("请写明为什么不接收。"), shortest=4)
    return _ended(matter, actor, referral, kind, ReferralAction.REFUSE, reason, at, paper_id)


def remind(*, actor: Actor, referral_id: UUID, text: str, version: int | None = None) -> Referral:
    """催问: the other side was asked how far it is; what it said."""
    matter, referral, kind = _opened(actor, referral_id, version, ReferralAction.REMIND)
    text = needed("text", text, _("请写明怎样催问的、对方怎么说。"))
    _changed(matter, actor, referral, ReferralAction.REMIND, {"reminded_at": clock.now()}, _said(kind, text))
    return referral


def give_back(
    *,
    actor: Actor,
    referral_id: UUID,
    outcome: str,
    result: str,
    at: datetime | None = None,
    received_by: str = "",
    paper_id: UUID | None = None,
    version: int | None = None,
) -> Referral:
    """交回结果: what came of it, when, and who took it over; what came in goes back to whoever handed it in.

    A result for a court, the police or the petition office says what the mediation came to:
    ``still_mediating`` while it runs, ``not_so_mediated`` beside an outcome that it did not have.
    """
    matter, referral, kind = _opened(actor, referral_id, version, ReferralAction.GIVE_BACK)
    if referral.state != ReferralState.ACCEPTED:
        raise Refusal("not_accepted", _("还没有接收：请先记录接收。"))
    result = needed("result", result, _("请写明办理的结果。"), shortest=4)
    if outcome not in kind.outcomes:
        raise Invalid({"outcome": _("请选择结果。")})
    if not kind.is_out:
        received_by = _name("received_by", received_by, _("请写明对方由谁接收。"))
        _check_mediated(matter, outcome)
    at = _moment(referral, at)
    changes = {
        "state": ReferralState.RETURNED,
        "ended_at": at,
        "outcome": outcome,
        "result": result,
        "received_by": received_by,
    }
    _changed(
        matter,
        actor,
        referral,
        ReferralAction.GIVE_BACK,
        changes,
        _said(kind, result),
        paper_id=paper_id,
        outcome=outcome,
    )
    bearing.tell(matter, actor, kind, kind.on_ended, at)
    _go_on(matter, actor, kind, at)
    return referral


def call_back(
    *,
    actor: Actor,
    referral_id: UUID,
    reason: str,
    at: datetime | None = None,
    version: int | None = None,
) -> Referral:
    """撤回: whoever asked wants nothing any more, or it was written down wrongly."""
    matter, referral, kind = _opened(actor, referral_id, version, ReferralAction.CALL_BACK)
    reason = needed("reason", reason, _("请写明为什么撤回。"), shortest=4)
    return _ended(matter, actor, referral, kind, ReferralAction.CALL_BACK, reason, at, None)


OF_THE_OFFICE = (ReferralAction.ACCEPT, ReferralAction.REFUSE, ReferralAction.GIVE_BACK)
STATE_AFTER = {
    ReferralAction.REFUSE: ReferralState.REFUSED,
    ReferralAction.CALL_BACK: ReferralState.CALLED_BACK,
}


def _ended(
    matter: Matter,
    actor: Actor,
    referral: Referral,
    kind: ReferralKind,
    action: ReferralAction,
    reason: str,
    at: datetime | None,
    paper_id: UUID | None,
) -> Referral:
    moment = _moment(referral, at)
    changes = {"state": STATE_AFTER[action], "ended_at": moment, "result": reason}
    _changed(matter, actor, referral, action, changes, _said(kind, reason), paper_id=paper_id)
    bearing.give_up(matter, actor, kind, moment)
    _go_on(matter, actor, kind, moment)
    return referral


def supply(
    *, actor: Actor, referral_id: UUID, papers: Collection[UUID], version: int | None = None
) -> Referral:
    """补送材料: more papers go along, since the office asked for them or they came later."""
    matter, referral, _kind = _opened(actor, referral_id, version, ReferralAction.SUPPLY)
    if not papers:
        raise Invalid({"papers": _("请选择补送哪些材料。")})
    wrong = wrong_papers(matter, papers)
    if wrong:
        raise Invalid(wrong)
    lay_along(matter, actor, referral, papers)
    parameters = {"referral": referral.pk, "kind": referral.kind, "papers": len(set(papers))}
    note(matter, actor=actor, type=f"referral.{ReferralAction.SUPPLY}", parameters=parameters)
    return referral


def fetched(*, actor: Actor, referral_id: UUID, paper_id: UUID) -> ReferralPaper:
    """A paper that went along, for who sees the referral; that its office opened it is written down once.

    Refused (``referral_not_found``, ``file_not_found``): another's referral, what did not go along with it;
    ``papers_closed``: the office has answered, or is asked no more.
    """
    known = Referral.objects.filter(pk=referral_id).first()
    if known is None:
        raise not_found()
    paper: ReferralPaper | None = known.papers.filter(pk=paper_id).select_related("file__file").first()
    if paper is None:
        raise NotAllowed("file_not_found", _("这项转介没有附这份材料。"))
    if is_of_office(actor, known):
        if known.state not in OPEN:
            raise NotAllowed("papers_closed", _("这项转介已经办完了，随附的材料不再打开。"))
        if paper.fetched_at is None:
            paper.fetched_at = clock.now()
            paper.save(update_fields=["fetched_at"])
    return paper


def _go_on(matter: Matter, actor: Actor, kind: ReferralKind, at: datetime) -> None:
    if kind.pauses:
        bearing.go_on(matter, actor, kind, at)


def _opened(
    actor: Actor, referral_id: UUID, version: int | None, action: ReferralAction
) -> tuple[Matter, Referral, ReferralKind]:
    """The matter and then the referral, locked, as long as it is open, for who may do this with it."""
    known = Referral.objects.filter(pk=referral_id).first()
    if known is None:
        raise not_found()
    of_office = is_of_office(actor, known) and action in OF_THE_OFFICE
    if of_office:
        matter = _locked_for_office(known.matter_id, version)
    else:
        matter = locked(actor=actor, matter_id=known.matter_id, version=version)
        check(may_keep(actor, matter, known), action.label)
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral_id)
    if referral.state not in OPEN:
        raise Refusal("referral_ended", _("这项转介已经办完了。"))
    # One row for all that is told below of the same matter.
    referral.matter = matter
    return matter, referral, all_kinds()[referral.kind]


def not_found() -> NotAllowed:
    """What is said of a referral that is not there or not seen."""
    return NotAllowed("referral_not_found", _("没有这项转介，或您看不到它。"))


def _locked_for_office(matter_id: UUID, version: int | None) -> Matter:
    """The matter's row for a post of the office, which sees the referral and not the matter."""
    matter: Matter | None = (
        Matter.objects.select_for_update(of=("self",), no_key=True).filter(pk=matter_id).first()
    )
    if matter is None:
        raise not_found()
    if version is not None and matter.version != version:
        raise Stale("stale", _("这件事项在您打开之后已有变动。您填写的内容还在，请看过最新情况再提交。"))
    return matter


def _check_mediated(matter: Matter, outcome: str) -> None:
    if outcome not in (Outcome.AGREED, Outcome.FAILED):
        return
    last = Mediation.objects.filter(matter_id=matter.pk).last()
    if last is not None and last.ended_at is None:
        raise Refusal("still_mediating", _("调解还没有结束：请先记录调解结果。"), field="outcome")
    agreed = last is not None and last.result in AGREED
    if agreed is not (outcome == Outcome.AGREED):
        raise Refusal("not_so_mediated", _("与本事项记录的调解结果不一致。"), field="outcome")


def _moment(referral: Referral, at: datetime | None) -> datetime:
    now = clock.now()
    moment = at or now
    if moment > now:
        raise Invalid({"at": _("还没有到这个时间：只记录已经发生的事。")})
    if moment < (referral.accepted_at or referral.sent_at):
        raise Invalid({"at": _("不能早于转介和接收。")})
    return moment


def _name(field: str, text: str, message: Any) -> str:
    plain = needed(field, text, message)
    if len(plain) > NAME:
        raise Invalid({field: _("最多 %(n)d 个字。") % {"n": NAME}})
    return plain


def _said(kind: ReferralKind, text: str) -> dict[WordKind, str] | None:
    """What somebody needs, and what was answered to it, is not for all who read the history."""
    return None if kind.consent else {WordKind.SUMMARY: text}


def _changed(
    matter: Matter,
    actor: Actor,
    referral: Referral,
    action: ReferralAction,
    changes: Mapping[str, Any],
    words: Mapping[WordKind, str] | None = None,
    *,
    paper_id: UUID | None = None,
    outcome: str = "",
) -> None:
    """Writes the changes and their link of the history."""
    values = dict(changes)
    if paper_id is not None:
        if not MatterFile.objects.filter(pk=paper_id, matter_id=matter.pk).exists():
            raise Invalid({"paper": _("本事项没有这份材料。")})
        values["paper_id"] = paper_id
    for name, value in values.items():
        setattr(referral, name, value)
    referral.save(update_fields=[name.removesuffix("_id") for name in values])
    parameters: dict[str, object] = {"referral": referral.pk, "kind": referral.kind}
    if outcome:
        parameters["outcome"] = outcome
    note(matter, actor=actor, type=f"referral.{action}", parameters=parameters, words=words)
