"""Which papers a matter has, and each of them made from the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

from django.utils.translation import override

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.dispatch.enums import Decision, Part, Responsibility
from fengqiao.dispatch.models import Assignment, ReturnRequest
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.forms import filled, forms
from fengqiao.dossier.paper import BLANK, Paper, chinese_date, day, moment
from fengqiao.dossier.queries.facts import facts_of
from fengqiao.dossier.queries.signed import AGREEMENT, drawn_on
from fengqiao.dossier.queries.to_parties import letters_to_parties
from fengqiao.matters.enums import Channel, ClaimKind, Outcome, PartyRole
from fengqiao.matters.models import Disposition, HistoryEvent, Matter, Party, Word
from fengqiao.rules.queries.categories import label as category_label

# Events after which somebody is told something in writing, and what the notice is about.
NOTICES = {
    "matter.accept": "受理告知书",
    "matter.guide": "引导告知书",
    "matter.redirect": "导入法定程序告知书",
    "matter.tell_remedies": "救济途径告知书",
}
# Papers that rooms above this one write (config/wiring.py): each asks itself whether the post may print them.
_also: list[Callable[[Actor, Matter], list[Paper]]] = []
WITNESS = ("送达人：＿＿＿＿＿＿　　受送达人：＿＿＿＿＿＿", "送达时间：＿＿＿＿年＿＿月＿＿日")


def also(papers: Callable[[Actor, Matter], list[Paper]]) -> None:
    """Adds the papers of a higher room to those of every matter; asked twice it adds them once."""
    if papers not in _also:
        _also.append(papers)


# A paper is Chinese, in whatever language the screen of who prints it is.
@override("zh-hans")
def papers_of(actor: Actor, matter: Matter) -> list[Paper]:
    """All papers of a matter that this post may print, in the order in which they arose.

    A department prints what passes between it and the centre, and its reply; the centre prints all.
    """
    if actor.role not in CENTRE_ROLES and actor.role is not Role.HANDLER:
        return [paper for more in _also for paper in more(actor, matter)]
    petitioners = _petitioners(matter)
    papers: list[Paper] = []
    if actor.role is not Role.HANDLER:
        papers.append(_receipt(matter, petitioners))
        papers.extend(_notices(matter, petitioners))
    papers.extend(_dispatch_sheets(actor, matter))
    papers.extend(_return_sheets(actor, matter))
    papers.extend(_replies(actor, matter, petitioners))
    if actor.role is not Role.HANDLER:
        papers.extend(letters_to_parties(matter))
        papers.extend(forms_of(matter))
    for more in _also:
        papers.extend(more(actor, matter))
    return papers


@override("zh-hans")
def forms_of(matter: Matter) -> list[Paper]:
    """The forms of the dossier that this matter has come to, in the dossier's order, filled with its facts."""
    facts = facts_of(matter)
    found = [
        filled(form, matter_id=matter.id, code=matter.code, facts=facts.values)
        for form in forms()
        if form.when in facts.holds
    ]
    drawn = drawn_on(matter) if "written" in facts.holds else ()
    return [replace(each, drawn=drawn) if drawn and each.form == AGREEMENT else each for each in found]


def paper_of(actor: Actor, matter: Matter, kind: str, reference: UUID) -> Paper | None:
    """One paper, or None where the matter has none such that this post may print."""
    return next((p for p in papers_of(actor, matter) if p.kind == kind and p.reference == reference), None)


def _petitioners(matter: Matter) -> str:
    names = [
        p.name
        for p in Party.objects.filter(matter_id=matter.id, role=PartyRole.PETITIONER, agent_of=None)
        if p.name
    ]
    return "、".join(names)


def _receipt(matter: Matter, petitioners: str) -> Paper:
    claims = list(matter.claims.all())
    kinds = "、".join(str(ClaimKind(c.kind).label) for c in claims)
    missing = [] if petitioners or matter.anonymous else ["反映人"]
    return Paper(
        kind=PaperKind.RECEIPT,
        reference=matter.id,
        title="登记回执",
        number=f"编号：{matter.code}",
        addressee=petitioners or ("（匿名）" if matter.anonymous else BLANK),
        paragraphs=(
            f"您反映的“{matter.title}”，本中心已于{day(matter.registered_at)}登记。今后凭上面的编号，在任何一个窗口都可以查询办理情况，不必重复陈述。",
        ),
        rows=(
            ("来源", str(Channel(matter.channel).label)),
            ("收到时间", moment(matter.received_at)),
            ("诉求", kinds or BLANK),
            ("纠纷类型", category_label(matter.category) if matter.category else BLANK),
        ),
        signed_by=matter.centre.name,
        dated=day(matter.registered_at),
        missing=tuple(missing),
    )


def _notices(matter: Matter, petitioners: str) -> Iterator[Paper]:
    words: dict[int, list[str]] = {}
    for word in Word.objects.filter(matter_id=matter.id).order_by("seq", "kind"):
        words.setdefault(word.seq, []).append(word.text)
    for event in HistoryEvent.objects.filter(matter_id=matter.id, type__in=NOTICES).order_by("seq"):
        said = words.get(event.seq, [])
        if event.type == "matter.accept":
            said = [
                f"您反映的“{matter.title}”（编号 {matter.code}），本中心已于{day(event.at)}受理，"
                "将按程序办理并告知结果。"
            ]
        yield Paper(
            kind=PaperKind.NOTICE,
            reference=event.id,
            title=NOTICES[event.type],
            number=f"编号：{matter.code}-告{event.seq}",
            addressee=petitioners or BLANK,
            paragraphs=tuple(said),
            signed_by=matter.centre.name,
            dated=day(event.at),
            closing=WITNESS,
        )


def _dispatch_sheets(actor: Actor, matter: Matter) -> Iterator[Paper]:
    assignments = Assignment.objects.filter(matter_id=matter.id).select_related("dispatch", "department")
    for assignment in assignments.order_by("issued_at", "id"):
        if actor.role is Role.HANDLER and assignment.department_id != actor.department_id:
            continue
        yield Paper(
            kind=PaperKind.DISPATCH,
            reference=assignment.id,
            title="矛盾纠纷事项交办单",
            number=f"编号：{matter.code}-交{assignment.dispatch.round}",
            addressee=assignment.department.name,
            rows=(
                ("事项", matter.title),
                ("简要情况", matter.account or BLANK),
                ("承办方式", str(Part(assignment.part).label)),
                (
                    "责任",
                    str(Responsibility(assignment.responsibility).label)
                    if assignment.responsibility
                    else "—",
                ),
                ("交办要求", assignment.dispatch.message),
                ("答复期限", chinese_date(assignment.reply_by) if assignment.reply_by else "—"),
                ("交办时间", moment(assignment.issued_at)),
                ("报到时间", moment(assignment.checked_in_at)),
            ),
            signed_by=matter.holder.name,
            dated=day(assignment.issued_at),
            closing=WITNESS,
        )


def _return_sheets(actor: Actor, matter: Matter) -> Iterator[Paper]:
    requests = ReturnRequest.objects.filter(matter_id=matter.id).select_related(
        "assignment__department", "given_to", "asked_by", "decided_by"
    )
    for request in requests:
        if actor.role is Role.HANDLER and request.assignment.department_id != actor.department_id:
            continue
        decided = request.decision != Decision.PENDING
        rows = [
            ("事项", matter.title),
            ("退回理由", request.reason),
            ("依据", request.basis),
            ("申请人", f"{request.asked_by.name}　{moment(request.asked_at)}"),
            ("裁定", str(Decision(request.decision).label)),
        ]
        if decided:
            rows.append(("裁定依据", request.grounds))
            rows.append(("裁定人", f"{request.decided_by.name}　{moment(request.decided_at)}"))  # type: ignore[union-attr]
        if request.given_to:
            rows.append(("改由", request.given_to.name))
        yield Paper(
            kind=PaperKind.RETURN,
            reference=request.id,
            title="交办事项退回单",
            number=f"编号：{matter.code}-退",
            addressee=matter.holder.name,
            rows=tuple(rows),
            signed_by=request.assignment.department.name,
            dated=day(request.asked_at),
        )


def _replies(actor: Actor, matter: Matter, petitioners: str) -> Iterator[Paper]:
    results = Disposition.objects.filter(matter_id=matter.id).select_related("department", "by")
    for result in results:
        if actor.role is Role.HANDLER and result.department_id != actor.department_id:
            continue
        text = [f"您反映的“{matter.title}”（编号 {matter.code}），现答复如下：", result.text]
        if result.basis:
            text.append(f"依据：{result.basis}。")
        if result.outcome == Outcome.DECLINED:
            text.append("您如不服，可以依法申请行政复议、提起诉讼或者按信访程序请求复查。")
        signed = result.department.name if result.department else matter.centre.name
        yield Paper(
            kind=PaperKind.REPLY,
            reference=result.id,
            title="答复书",
            number=f"编号：{matter.code}-复",
            addressee=petitioners or BLANK,
            paragraphs=tuple(text),
            signed_by=signed,
            dated=day(result.at),
            closing=WITNESS,
        )
