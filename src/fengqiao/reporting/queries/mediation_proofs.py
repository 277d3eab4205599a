"""The proof that the form of mediations is the ledger: its numbers against histories and the matters' own rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Fact
from fengqiao.clocks.queries.facts import that_stand
from fengqiao.confirmation.enums import CaseKind, CourtAction
from fengqiao.confirmation.models import CourtCase
from fengqiao.kernel import clock
from fengqiao.matters.enums import Action, Outcome, State
from fengqiao.matters.models import HistoryEvent
from fengqiao.matters.queries.visibility import MatterQuerySet
from fengqiao.mediation.models import Mediation
from fengqiao.reporting.periods import Period
from fengqiao.reporting.queries.held import Held, agreed_in
from fengqiao.reporting.queries.mediation_statistics import COUNTERS, TOTAL, Form, form_of, matters_of

LOOKS = 3
LEFT = _("其中 %(n)s 件没有记录调解结果，因撤回、导入法定程序等离开调解。")


@dataclass(frozen=True)
class Proof:
    """One line: what the form says and what the ledger says, counted from other rows; ``differ``: of which matters."""

    id: str
    label: Promise
    form: int
    ledger: int
    differ: tuple[str, ...] = ()
    note: Promise | str = ""
    # Where a difference is no fault: ``note`` says what it is.
    explained: bool = False

    @property
    def equal(self) -> bool:
        """To the unit, and of the same matters."""
        return self.form == self.ledger and not self.differ

    @property
    def holds(self) -> bool:
        """Equal, or the difference is named and is none of counting."""
        return self.equal or self.explained


def proved(actor: Actor, period: Period, *, centre: UUID | None = None) -> tuple[Form, list[Proof]]:
    """The form with its proofs.

    Both are read by many statements while others go on working. What has changed between two of them is no fault of
    counting: a difference is told only where it is still there when all is read again.
    """
    for _look in range(LOOKS):
        form = form_of(actor, period, centre=centre)
        proofs = proofs_of(actor, form, centre=centre)
        if all(each.holds for each in proofs):
            break
    return form, proofs


def proofs_of(actor: Actor, form: Form, *, centre: UUID | None = None) -> list[Proof]:
    """The form held against the histories and the matters' own rows."""
    period, matters = form.period, matters_of(actor, centre)
    said = [each for each in form.rows(TOTAL, "ended") if each.said or each.agreed]
    agreed = [each for each in form.rows(TOTAL, "ended") if each.agreed]
    lines = [
        _against_history(
            matters,
            period,
            "begun",
            _("受理 = 台账历史中的“转入调解”"),
            form.rows(TOTAL, "begun"),
            [f"matter.{Action.SEND_TO_MEDIATION}"],
        ),
        _against_history(
            matters,
            period,
            "agreed",
            _("书面协议 + 口头协议 = 历史中达成协议的“记录调解结果”"),
            agreed,
            [f"matter.{Action.RECORD_MEDIATION}.agreed"],
        ),
        _against_history(
            matters,
            period,
            "not_agreed",
            _("记录了结果而没有达成的 = 历史中没有达成的“记录调解结果”"),
            [each for each in said if not each.agreed],
            [f"matter.{Action.RECORD_MEDIATION}.failed"],
        ),
    ]
    others = len(form.rows(TOTAL, "ended")) - len(said)
    whole = sum(len(form.rows(TOTAL, each)) for each in ("written", "oral", "failed", "withdrawn"))
    lines += [
        Proof(
            "ended",
            _("终结 = 书面 + 口头 + 不成 + 撤回"),
            len(form.rows(TOTAL, "ended")),
            whole,
            note=LEFT % {"n": others} if others else "",
        ),
        Proof(
            "stock",
            _("期初在调 + 受理 = 终结 + 期末在调"),
            len(form.rows(TOTAL, "open_before")) + len(form.rows(TOTAL, "begun")),
            len(form.rows(TOTAL, "ended")) + len(form.rows(TOTAL, "open_after")),
        ),
        Proof(
            "kinds",
            _("十八类之和 = 合计"),
            sum(len(rows) for rows in form.by_kind.values()),
            len(form.held),
        ),
        Proof(
            "performance",
            _("已履行 + 履行中 + 未履行 + 无需履行 = 书面 + 口头"),
            sum(len(form.rows(TOTAL, each)) for each in PERFORMANCES),
            len(agreed),
        ),
    ]
    return [
        *lines,
        *_at_court(matters, form, agreed),
        _still_open(matters, form),
        _as_it_stands(form),
        _stated(matters, period, agreed),
    ]


PERFORMANCES = ("performed", "performing", "defaulted", "nothing_due")
# By counter the act of the case that it counts, and what the line says.
COURT = {
    "confirm_applied": (CourtAction.FILE, _("申请司法确认 = 历史中的“共同提交司法确认申请”")),
    "confirm_confirmed": (CourtAction.CONFIRM, _("裁定有效 = 历史中的“裁定协议有效”")),
    "confirm_refused": (CourtAction.REFUSE, _("不予受理或者驳回 = 历史中司法确认的“不予受理或者裁定驳回”")),
    "confirm_withdrawn": (CourtAction.WITHDRAW, _("撤回司法确认申请 = 历史中司法确认的“撤回”")),
}


def _at_court(matters: MatterQuerySet, form: Form, agreed: Sequence[Held]) -> list[Proof]:
    """What courts were asked and said, against the histories of the matters whose agreements it is about."""
    told = _told_of_cases(agreed_in(matters, form.period))
    codes = {each.matter_id: each.code for each in agreed}
    lines = []
    for name, (action, label) in COURT.items():
        rows = form.rows(TOTAL, name)
        counted = Counter[UUID]()
        for each in rows:
            counted[each.matter_id] += int(COUNTERS[name].of(each))
        differ = {codes[key] for key in {*counted, *told[action]} if counted[key] != told[action][key]}
        lines.append(Proof(name, label, counted.total(), told[action].total(), tuple(sorted(differ))))
    whole = ("confirm_pending", "confirm_confirmed", "confirm_refused", "confirm_withdrawn")
    label = _("申请司法确认 = 审查中 + 裁定有效 + 不予受理或者驳回 + 撤回")
    applied, came = form.value(TOTAL, "confirm_applied"), sum(form.value(TOTAL, each) for each in whole)
    return [*lines, Proof("confirm", label, int(applied), int(came))]


def _told_of_cases(agreed: QuerySet[Mediation]) -> Mapping[str, Counter[UUID]]:
    """By act and matter how often a history says it of a confirmation; not of another mediation's agreement."""
    told: dict[str, Counter[UUID]] = {action: Counter() for action, _label in COURT.values()}
    types = {f"court.{action}": action for action in told}
    of_these = {"matter__in": agreed.values("matter_id")}
    others = CourtCase.objects.filter(**of_these, kind=CaseKind.CONFIRMATION)
    known = set(others.exclude(agreement__mediation__in=agreed.values("pk")).values_list("pk", flat=True))
    events = HistoryEvent.objects.filter(**of_these, type__in=types).order_by()
    for matter, kind, content in events.values_list("matter_id", "type", "content"):
        said = json.loads(bytes(content))["parameters"]
        if said["kind"] == CaseKind.CONFIRMATION and UUID(said["case"]) not in known:
            told[types[kind]][matter] += 1
    return told


def _stated(matters: MatterQuerySet, period: Period, agreed: Sequence[Held]) -> Proof:
    """An application that was stated for the limits alone is named: no case of a court stands behind it."""
    of_these = {each.matter_id: each for each in agreed}
    facts = Fact.objects.filter(
        matter__in=agreed_in(matters, period).values("matter_id"), kind=FactKind.CONFIRMATION_APPLIED
    )
    stated = {each.matter_id for each in that_stand(facts)}
    counted = {each.matter_id for each in agreed if each.applications}
    alone = sorted(of_these[key].code for key in stated - counted)
    return Proof(
        "stated",
        _("有司法确认申请的事项 = 时限中登记过“申请司法确认”的事项"),
        len(counted),
        len(stated),
        tuple(sorted({*alone, *(of_these[key].code for key in counted - stated)})),
        _("差额是只在时限里登记了申请、没有登记法院案件的事项；没有案件的不计入本表。") if alone else "",
        explained=counted <= stated,
    )


def _against_history(
    matters: MatterQuerySet,
    period: Period,
    name: str,
    label: Promise,
    held: Sequence[Held],
    types: list[str],
) -> Proof:
    events = HistoryEvent.objects.filter(
        matter__in=matters.order_by().values("pk"), type__in=types, at__gte=period.start, at__lt=period.end
    )
    told = dict(
        events.order_by().values_list("matter_id").annotate(n=Count("pk")).values_list("matter_id", "n")
    )
    mine: dict[UUID, int] = {}
    for each in held:
        mine[each.matter_id] = mine.get(each.matter_id, 0) + 1
    differ = [key for key in {*told, *mine} if told.get(key, 0) != mine.get(key, 0)]
    codes = matters.filter(pk__in=differ).order_by("code").values_list("code", flat=True) if differ else ()
    return Proof(name, label, len(held), sum(told.values()), tuple(codes))


def _still_open(matters: MatterQuerySet, form: Form) -> Proof:
    """What is mediated to this day: the ledger's own filter shows the same."""
    running = matters.filter(state=State.MEDIATING)
    if form.period.end <= clock.now():
        # What began after a period that is over stands in the ledger and not in its form.
        running = running.filter(mediations__ended_at=None, mediations__sent_at__lt=form.period.end)
    now = set(running.order_by().values_list("code", flat=True))
    mine = {each.code for each in form.held if each.ended_at is None}
    label = _("至今在调 = 台账中“调解中”的事项")
    return Proof("open", label, len(mine), len(now), tuple(sorted(mine ^ now)))


def _as_it_stands(form: Form) -> Proof:
    """Agreements whose matters have another outcome today are named: they were opened again."""
    agreed = [each for each in form.rows(TOTAL, "ended") if each.agreed]
    kept = (Outcome.WRITTEN_AGREEMENT, Outcome.ORAL_AGREEMENT)
    moved = sorted({each.code for each in agreed if each.outcome not in kept})
    note = _("差额是达成协议后又重启、现在结果不同的事项。") if moved else ""
    return Proof(
        "outcome",
        _("达成协议的 = 台账现在结果为书面、口头协议的"),
        len(agreed),
        len([each for each in agreed if each.outcome in kept]),
        tuple(moved),
        note,
        explained=True,
    )
