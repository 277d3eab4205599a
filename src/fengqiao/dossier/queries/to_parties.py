"""Letters to the parties of a mediation: a talk to come, a term that falls due, the time to go to court together.

The program has no way to a party; whoever keeps the matter prints these, hands them over and writes the service down.
They say what was agreed and until when, and nothing that the party did not say or sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID

from fengqiao.agreements.enums import OWED, AgreementState, Way
from fengqiao.agreements.models import Agreement, Term
from fengqiao.agreements.wording import ANONYMOUS, number_in_words, term_in_words
from fengqiao.clocks.enums import ClockState
from fengqiao.clocks.models import Clock
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.paper import BLANK, Paper, chinese_date, moment
from fengqiao.kernel import clock
from fengqiao.matters.enums import OPEN_STATES
from fengqiao.matters.models import Matter, Party
from fengqiao.mediation.enums import SittingKind, SittingState, SittingWay
from fengqiao.mediation.models import Footing, Mediation, Sitting
from fengqiao.mediation.queries.process import body_of

CONFIRM = "mediation.confirm_apply"
# A letter is offered so long before the day; what is overdue has one until it is performed.
AHEAD = timedelta(days=10)
RECEIVED = ("送达人：＿＿＿＿＿＿　　受送达人：＿＿＿＿＿＿", "送达时间：＿＿＿＿年＿＿月＿＿日")
# Whose mediation stands under this statute.
COMMITTEES = "人民调解法"
FREE_TO_COME = "您可以接受调解、拒绝调解或者要求终止调解（人民调解法第二十三条）。"
BINDS = (
    "经人民调解委员会调解达成的协议具有法律约束力，当事人应当按照约定履行（人民调解法第三十一条）；"
    "就履行发生争议的，可以向人民法院起诉（第三十二条）。"
)
HOW = {
    SittingWay.CENTRE: "当面会谈",
    SittingWay.ON_SITE: "到现场会谈",
    SittingWay.VIDEO: "视频会谈",
    SittingWay.VAN: "在流动调解车会谈",
}


def letters_to_parties(matter: Matter) -> list[Paper]:
    """The letters of the last mediation, in the order in which they arise; none of a matter that is over."""
    mediation = Mediation.objects.filter(matter_id=matter.pk).select_related("mediator").last()
    if mediation is None or matter.state not in OPEN_STATES:
        return []
    footing = Footing.objects.filter(mediation=mediation).last()
    signed_by = footing.name if footing else matter.holder.name
    body = body_of(footing)
    from_a_committee = body is not None and COMMITTEES in body.basis
    if mediation.ended_at is None:
        return list(_talks(matter, mediation, signed_by, from_a_committee=from_a_committee))
    letters = list(_terms(matter, mediation, signed_by, from_a_committee=from_a_committee))
    if body is None or body.confirms:
        letters.extend(_confirmation(matter, mediation, signed_by))
    return letters


def _talks(
    matter: Matter, mediation: Mediation, signed_by: str, *, from_a_committee: bool
) -> Iterator[Paper]:
    planned = list(Sitting.objects.filter(mediation=mediation, state=SittingState.PLANNED))
    names = _names(matter) if planned else {}
    for each in planned:
        asked = [names[UUID(party)] for party in each.parties if UUID(party) in names]
        if each.kind == SittingKind.INVESTIGATION and not asked:
            continue
        yield _letter(
            each.pk,
            "调解会谈通知书",
            f"编号：{matter.code}-谈",
            asked,
            (
                f"您与对方的纠纷（“{matter.title}”）正在调解。现请您按下列时间参加会谈。",
                "请带好身份证明和有关的证据材料；委托他人参加的，请带授权委托书。不能到场的，请提前告知，可以另约时间。",
                *((FREE_TO_COME,) if from_a_committee else ()),
            ),
            signed_by,
            rows=(
                ("会谈时间", moment(each.planned_at)),
                ("方式和地点", f"{HOW[SittingWay(each.way)]}　{each.place}"),
                ("调解员", mediation.mediator.name if mediation.mediator else BLANK),
            ),
        )


def _terms(
    matter: Matter, mediation: Mediation, signed_by: str, *, from_a_committee: bool
) -> Iterator[Paper]:
    owed = Term.objects.filter(
        agreement__mediation=mediation, state__in=OWED, due__lte=clock.today() + AHEAD
    ).select_related("agreement", "debtor", "creditor")
    for each in owed.order_by("due", "place", "id"):
        number = number_in_words(each.agreement.year, each.agreement.number)
        late = each.due is not None and each.due < clock.today()
        said = (
            f"您在{number}调解协议中约定：{_as_signed(each, mediation)}。",
            "约定的日期已过，还没有履行的记录。请尽快履行；已经履行的，请提供凭证。"
            if late
            else f"约定的最后一日是{chinese_date(each.due)}。请按约定履行，并保留凭证。",
            *((BINDS,) if from_a_committee else ()),
        )
        rows = []
        if each.paid and each.amount is not None:
            rows.append(("已付", f"{each.paid:,.2f}元，还欠{each.amount - each.paid:,.2f}元"))
        title = "催告履行函" if late else "协议履行提醒函"
        to = [each.debtor.name or ANONYMOUS]
        yield _letter(
            each.pk, title, f"编号：{matter.code}-履{each.place}", to, said, signed_by, rows=tuple(rows)
        )


def _confirmation(matter: Matter, mediation: Mediation, signed_by: str) -> Iterator[Paper]:
    """Both sides can apply together, until that day; whether they do is theirs."""
    running = Clock.objects.filter(matter_id=matter.pk, limit=CONFIRM, state=ClockState.RUNNING).last()
    agreement = Agreement.objects.filter(
        mediation=mediation, state=AgreementState.EFFECTIVE, way=Way.WRITTEN
    ).last()
    if running is None or running.due_at is None or running.due_at <= clock.now() or agreement is None:
        return
    until = (running.due_at - timedelta(microseconds=1)).astimezone(clock.SHANGHAI).date()
    number = number_in_words(agreement.year, agreement.number)
    said = (
        f"{number}调解协议已于{chinese_date(agreement.effective_on)}生效。",
        f"双方认为有必要的，可以在{chinese_date(until)}以前（含当日）共同向人民法院申请司法确认"
        "（民事诉讼法第二百零五条）。确认有效后，一方不履行的，对方可以申请强制执行（第二百零六条）。",
        "是否申请由双方决定；申请、受理和裁定都不影响协议本身的效力。",
    )
    to = list(_names(matter).values())
    yield _letter(running.pk, "司法确认告知书", f"编号：{matter.code}-确", to, said, signed_by)


def _letter(
    reference: UUID,
    title: str,
    number: str,
    to: Sequence[str],
    paragraphs: tuple[str, ...],
    signed_by: str,
    *,
    rows: tuple[tuple[str, str], ...] = (),
) -> Paper:
    return Paper(
        kind=PaperKind.NOTICE,
        reference=reference,
        title=title,
        number=number,
        addressee="、".join(to) or BLANK,
        paragraphs=paragraphs,
        rows=rows,
        signed_by=signed_by,
        # The day is that of handing it over: the paper stays the same until then.
        dated="　　　　年　　月　　日",
        closing=RECEIVED,
    )


def _as_signed(term: Term, mediation: Mediation) -> str:
    """The line that was signed; in this program's words where it does not stand there."""
    begins = f"{term.place}. "
    for line in mediation.text.splitlines():
        if line.startswith(begins):
            return line.removeprefix(begins).rstrip("。")
    return term_in_words(term)


def _names(matter: Matter) -> dict[UUID, str]:
    found = Party.objects.filter(matter_id=matter.pk, agent_of=None).order_by("id")
    return {each.pk: each.name or ANONYMOUS for each in found}
