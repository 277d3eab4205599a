"""Referring a matter or a party's need to an office, and taking in what an office hands over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.domain.alarming import danger as report_danger
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.wording import allowed, needed
from fengqiao.matters.enums import Channel, Danger, WordKind
from fengqiao.matters.models import Matter, MatterFile, Party
from fengqiao.matters.models.base import of
from fengqiao.places.models import Department
from fengqiao.places.queries.bodies import takes_work
from fengqiao.referrals.domain import bearing
from fengqiao.referrals.enums import OPEN, ReferralAction, ReferralState
from fengqiao.referrals.models import Referral, ReferralPaper
from fengqiao.referrals.policies import DANGER, check, may_send
from fengqiao.rules.queries.referral_kinds import ReferralKind, kinds_on

NAME = 100
NEEDED = {
    "party": _("请选择是谁的需要。"),
    "consent_on": _("要本人同意以后才能转介：请写明哪一天同意的。"),
    "consent_method": _("请写明怎样同意的。"),
    "number": _("请写明法院的案号或者委派、委托书的编号。"),
    "signed_by": _("请写明由谁签收材料。"),
    "agreed_by": _("请写明由谁同意委托。"),
    "paid_by": _("请写明费用由谁付。"),
}


@dataclass(frozen=True)
class NewReferral:
    """What is asked of which office, on whose consent; or what came in, and who signed for it (``Referral``).

    ``papers``: materials of the matter that go along, or came along.
    """

    kind: str
    asked: str
    office: str = ""
    at: datetime | None = None
    department_id: UUID | None = None
    party_id: UUID | None = None
    urgent: bool = False
    danger: str = ""
    number: str = ""
    signed_by: str = ""
    answer_by: date | None = None
    consent_on: date | None = None
    consent_method: str = ""
    agreed_by: str = ""
    paid_by: str = ""
    papers: tuple[UUID, ...] = ()


def send(*, actor: Actor, matter_id: UUID, new: NewReferral, version: int | None = None) -> Referral:
    """转介: an office outside is asked for something.

    A report to the police writes the danger down with it, where it does not stand yet. Raises ``Invalid`` by field
    (no consent to telling a need, nobody named); ``already_open`` while the same was asked and not answered.
    """
    kind = _kind(new.kind, is_out=True)
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    check(may_send(actor, matter, kind), ReferralAction.SEND.label)
    at, words = _checked(matter, kind, new)
    if kind.tells == DANGER and _is_new_danger(matter, new.danger):
        report_danger(actor=actor, matter_id=matter_id, kind=Danger(new.danger), summary=words["asked"])
        matter = locked(actor=actor, matter_id=matter_id)
    if kind.pauses:
        bearing.rest(matter, actor, kind.pauses, at, words["office"])
        matter = locked(actor=actor, matter_id=matter_id)
    return _written(matter, actor, kind, new, at, words, ReferralAction.SEND)


def receive(*, actor: Actor, matter_id: UUID, new: NewReferral, version: int | None = None) -> Referral:
    """接到移交: a court, the police or the petition office hands a matter to the centre for mediation.

    With a court's the papers are signed for at once, and the limit of its kind runs from then
    (最高法特邀调解规定 第27条). Refused: ``not_from_court`` where the matter came in by another way.
    """
    kind = _kind(new.kind, is_out=False)
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    check(may_send(actor, matter, kind), ReferralAction.RECEIVE.label)
    if kind.body and matter.channel != Channel.COURT:
        raise Refusal(
            "not_from_court", _("这件事项不是法院委派、委托来的：登记的来源是另一种。"), field="kind"
        )
    at, words = _checked(matter, kind, new)
    return _written(matter, actor, kind, new, at, words, ReferralAction.RECEIVE)


def _kind(name: str, *, is_out: bool) -> ReferralKind:
    for each in kinds_on(clock.today()):
        if each.id == name and each.is_out is is_out:
            return each
    raise Invalid({"kind": _("没有这种转介。")}, code="no_such_kind")


def _is_new_danger(matter: Matter, danger: str) -> bool:
    return matter.danger == Danger.NONE or danger not in ("", matter.danger)


def _checked(matter: Matter, kind: ReferralKind, new: NewReferral) -> tuple[datetime, dict[str, str]]:
    """When it was, and the words without outer blanks; raises ``Invalid`` for all that is lacking."""
    words = {
        "asked": needed("asked", new.asked, _("请写明请对方办什么。"), shortest=4),
        "office": needed("office", new.office, _("请写明是哪个机关或者单位。")),
        **{
            name: allowed(name, getattr(new, name))
            for name in ("number", "signed_by", "agreed_by", "paid_by")
        },
    }
    now = clock.now()
    at = new.at or now
    wrong: dict[str, object] = {
        name: _("最多 %(n)d 个字。") % {"n": most}
        for name, most in (("number", NAME), ("signed_by", NAME), *((n, 2 * NAME) for n in LONG))
        if len(words[name]) > most
    }
    if at > now:
        wrong["at"] = _("还没有到这个时间：只记录已经发生的事。")
    if new.answer_by is not None and new.answer_by < at.astimezone(clock.SHANGHAI).date():
        wrong["answer_by"] = _("答复的日期不能早于转介。")
    if new.department_id is not None and not _is_there(matter, new.department_id):
        wrong["department"] = _("本县没有这个部门，或它不再办事。")
    wrong |= wrong_papers(matter, new.papers) | _lacking(matter, kind, new, words, at)
    if wrong:
        raise Invalid(wrong)
    # A court has one task for the matter at a time, of whichever kind.
    kinds = [each.id for each in kinds_on(clock.today()) if each.body] if kind.body else [kind.id]
    same = Q(party_id=new.party_id) if new.party_id else Q(party__isnull=True)
    if Referral.objects.filter(same, matter_id=matter.pk, kind__in=kinds, state__in=OPEN).exists():
        raise Refusal("already_open", _("同样的转介还没有办完。"), field="kind")
    return at, words


def wrong_papers(matter: Matter, papers: Collection[UUID]) -> dict[str, object]:
    """A sentence where one of them is no material of the matter."""
    known = MatterFile.objects.filter(matter_id=matter.pk, pk__in=papers).count() if papers else 0
    return {} if known == len(set(papers)) else {"papers": _("本事项没有这份材料。")}


def lay_along(matter: Matter, actor: Actor, referral: Referral, papers: Collection[UUID]) -> None:
    """These materials go along with it; what went along already goes once."""
    there = set(referral.papers.values_list("file_id", flat=True))
    ReferralPaper.objects.bulk_create(
        ReferralPaper(
            **of(matter), referral=referral, file_id=each, sent_by_id=actor.person_id, sent_at=clock.now()
        )
        for each in dict.fromkeys(papers)
        if each not in there
    )


LONG = ("office", "agreed_by", "paid_by")


def _lacking(
    matter: Matter, kind: ReferralKind, new: NewReferral, words: Mapping[str, str], at: datetime
) -> dict[str, object]:
    """What this kind asks for beside the words that all have."""
    wrong = _lacking_words(kind, words)
    known = new.party_id and Party.objects.filter(pk=new.party_id, matter_id=matter.pk).exists()
    if new.party_id is not None and not known:
        wrong["party"] = _("本事项没有这位当事人。")
    if kind.consent:
        if new.party_id is None:
            wrong["party"] = NEEDED["party"]
        if new.consent_on is None or new.consent_on > at.astimezone(clock.SHANGHAI).date():
            wrong["consent_on"] = NEEDED["consent_on"]
        if not new.consent_method:
            wrong["consent_method"] = NEEDED["consent_method"]
    if kind.tells == DANGER:
        given = new.danger or (matter.danger if matter.danger != Danger.NONE else "")
        if given not in Danger.values or given == Danger.NONE:
            wrong["danger"] = _("请选择是哪一种危险。")
    return wrong


def _lacking_words(kind: ReferralKind, words: Mapping[str, str]) -> dict[str, object]:
    return {name: NEEDED[name] for name in needed_words(kind) if not words[name]}


def needed_words(kind: ReferralKind) -> tuple[str, ...]:
    """The words that this kind asks for beside those that all have."""
    asked = ("number", "signed_by") if kind.at_once else ()
    return (*asked, "agreed_by", "paid_by") if kind.pauses else asked


def _is_there(matter: Matter, department_id: UUID) -> bool:
    found = Department.objects.filter(takes_work(clock.today()), pk=department_id).first()
    return found is not None and found.county == matter.county


def _written(
    matter: Matter,
    actor: Actor,
    kind: ReferralKind,
    new: NewReferral,
    at: datetime,
    words: Mapping[str, str],
    action: ReferralAction,
) -> Referral:
    referral = Referral.objects.create(
        **of(matter),
        kind=kind.id,
        state=ReferralState.ACCEPTED if kind.at_once else ReferralState.WAITING,
        department_id=new.department_id,
        party_id=new.party_id,
        urgent=new.urgent,
        sent_at=at,
        accepted_at=at if kind.at_once else None,
        answer_by=new.answer_by,
        consent_on=new.consent_on if kind.consent else None,
        consent_method=new.consent_method if kind.consent else "",
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
        **words,
    )
    lay_along(matter, actor, referral, new.papers)
    parameters: dict[str, object] = {"referral": referral.pk, "kind": kind.id, "at": at}
    parameters |= {"urgent": new.urgent} | ({"papers": len(set(new.papers))} if new.papers else {})
    note(
        matter,
        actor=actor,
        type=f"referral.{action}",
        parameters=parameters,
        # What somebody needs is told to the office, and not to all who read the history.
        words=None if kind.consent else {WordKind.SUMMARY: words["asked"]},
    )
    bearing.tell(matter, actor, kind, kind.on_sent, at)
    return referral
