"""人民调解统计表: the mediations of a period, by kind of dispute, each number with its rows.

A number is the length of a list that is kept: it cannot differ from the rows it opens into. Read are mediations,
their footing, agreements and the matter's own row; talks and their notes are never asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.accounts.actor import Actor
from fengqiao.agreements.enums import AgreementState, TermKind
from fengqiao.agreements.models import Term
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Fact
from fengqiao.kernel import clock
from fengqiao.matters.enums import Action, Danger, Outcome, Performance, State, Tier
from fengqiao.matters.models import Assessment, HistoryEvent, Matter
from fengqiao.matters.queries.visibility import MatterQuerySet
from fengqiao.mediation.enums import AGREED, Result
from fengqiao.mediation.models import Consent, Footing, Mediation
from fengqiao.reporting.periods import Period
from fengqiao.rules.queries.mediation_statistics import OTHER, origin_of, report_categories, report_category

TOTAL = "total"
LEFT = _("其中 %(n)s 件没有记录调解结果，因撤回、导入法定程序等离开调解。")


@dataclass(frozen=True, slots=True)
class Held:
    """One mediation with what the form counts by."""

    id: UUID
    matter_id: UUID
    code: str
    title: str
    category: str
    channel: str
    sent_at: datetime
    ended_at: datetime | None
    result: str
    said: bool
    people: int
    amount: Decimal
    outcome: str
    performance: str
    turned_criminal: bool
    parties: int
    initiative: str
    tier: str
    endangered: bool
    promised: Decimal
    applied: bool
    decided: bool

    @property
    def kind(self) -> str:
        """Under which of the eighteen kinds it is reported."""
        return report_category(self.category)

    @property
    def agreed(self) -> bool:
        return self.result in AGREED


Test = Callable[[Held, Period], bool]


@dataclass(frozen=True)
class Counter:
    """A column of the form: which mediations it counts, and what of each (one, or a number or sum of its own)."""

    id: str
    label: Promise
    counts: Test
    of: Callable[[Held], int | Decimal] = lambda held: 1
    is_money: bool = False


def _begun(held: Held, period: Period) -> bool:
    return period.has(held.sent_at)


def _ended(held: Held, period: Period) -> bool:
    return period.has(held.ended_at)


def _agreed(held: Held, period: Period) -> bool:
    return held.agreed and _ended(held, period)


def _from(origin: str) -> Test:
    return lambda held, period: _begun(held, period) and origin_of(held.channel, held.initiative) == origin


def _with(*results: Result) -> Test:
    return lambda held, period: _ended(held, period) and held.result in results


def _standing(performance: Performance) -> Test:
    return lambda held, period: _agreed(held, period) and held.performance == performance


# What was taken up in the period.
TAKEN_UP = (
    Counter("open_before", _("期初在调"), lambda h, p: h.sent_at < p.start),
    Counter("begun", pgettext_lazy("统计", "受理"), _begun),
    Counter("applied", _("其中依申请"), _from("applied")),
    Counter("own", _("主动调解"), _from("own")),
    Counter("court", _("法院委派、移送"), _from("court")),
    Counter("police", _("公安移送"), _from("police")),
    Counter("petition", _("信访移送"), _from("petition")),
    Counter("elsewhere", _("其他部门移送"), _from("elsewhere")),
    Counter("unsaid", _("来源未登记"), _from("unsaid")),
    Counter("parties", _("当事人数"), _begun, of=lambda h: h.parties),
    Counter("people", _("涉及人数"), _begun, of=lambda h: h.people),
    Counter("amount", _("涉及金额（元）"), _begun, of=lambda h: h.amount, is_money=True),
    Counter("hard", _("疑难复杂"), lambda h, p: _begun(h, p) and h.tier == Tier.HARD),
)
# What ended in it. How an agreement is performed and what a court did is told as it stands today.
ENDED = (
    Counter("ended", _("调解终结"), _ended),
    Counter("written", _("书面协议"), _with(Result.WRITTEN)),
    Counter("oral", _("口头协议"), _with(Result.ORAL)),
    Counter("failed", _("调解不成"), _with(Result.REFUSED, Result.EXPIRED, Result.SUED, Result.NOT_FIT)),
    Counter("withdrawn", _("撤回申请"), _with(Result.WITHDRAWN)),
    Counter("promised", _("协议金额（元）"), _agreed, of=lambda h: h.promised, is_money=True),
    Counter("performed", _("已履行"), _standing(Performance.PERFORMED)),
    Counter("performing", _("履行中"), _standing(Performance.RUNNING)),
    Counter("defaulted", _("未履行"), _standing(Performance.DEFAULTED)),
    Counter("nothing_due", _("无需履行"), _standing(Performance.NONE)),
    Counter("confirm_applied", _("申请司法确认"), lambda h, p: _agreed(h, p) and h.applied),
    Counter("confirm_decided", _("法院已裁定"), lambda h, p: _agreed(h, p) and h.applied and h.decided),
    Counter(
        "prevented",
        _("防止矛盾激化"),
        lambda h, p: _agreed(h, p) and h.endangered and not h.turned_criminal,
    ),
    Counter("criminal", _("民转刑"), lambda h, p: _ended(h, p) and h.turned_criminal),
    Counter("open_after", _("期末在调"), lambda h, p: h.ended_at is None or h.ended_at >= p.end),
)
COUNTERS = {each.id: each for each in (*TAKEN_UP, *ENDED)}


@dataclass(frozen=True)
class Form:
    """The form of one period: the mediations that it is made of, and each of its numbers."""

    period: Period
    held: tuple[Held, ...]
    by_kind: dict[str, list[Held]] = field(default_factory=dict)

    def rows(self, kind: str, counter: str) -> list[Held]:
        """The mediations that a cell counts, in the order in which they began."""
        among = self.held if kind == TOTAL else self.by_kind.get(kind, [])
        return [each for each in among if COUNTERS[counter].counts(each, self.period)]

    def value(self, kind: str, counter: str) -> int | Decimal:
        """The number of a cell."""
        return sum((COUNTERS[counter].of(each) for each in self.rows(kind, counter)), start=0)

    def uncategorised(self) -> int:
        """Counted under "other" because the ledger has no category of them."""
        return sum(not each.category for each in self.by_kind.get(OTHER, []))


def form_of(actor: Actor, period: Period, *, centre: UUID | None = None) -> Form:
    """The form over the matters that the actor sees, of one centre of registration where it is named."""
    held = tuple(_held(matters_of(actor, centre), period))
    form = Form(period, held, {each.id: [] for each in report_categories()})
    for each in held:
        form.by_kind[each.kind].append(each)
    return form


def matters_of(actor: Actor, centre: UUID | None) -> MatterQuerySet:
    """The part of the ledger that the form is of; as the ledger's own filter, by the centre of registration."""
    found: MatterQuerySet = Matter.objects.visible_to(actor)
    return found.filter(centre_id=centre) if centre else found


def _held(matters: MatterQuerySet, period: Period) -> Sequence[Held]:
    found = (
        Mediation.objects.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gte=period.start),
            matter__in=matters.order_by().values("pk"),
            sent_at__lt=period.end,
        )
        .annotate(**_beside())
        .order_by("sent_at", "id")
        .values(*PLAIN, *BESIDE, **{name: F(f"matter__{name}") for name in OF_THE_MATTER})
    )
    return [_one(row) for row in found.iterator(chunk_size=2000)]


PLAIN = ("id", "matter_id", "sent_at", "ended_at", "result", "text")
BESIDE = ("parties", "initiative", "tier", "alarmed", "promised", "applied", "decided")
OF_THE_MATTER = (
    *("code", "title", "category", "channel", "people", "amount"),
    *("outcome", "performance", "turned_criminal_at", "danger"),
)


def _one(row: dict[str, Any]) -> Held:
    said, danger, alarmed = row.pop("text"), row.pop("danger"), row.pop("alarmed")
    counted = {name: row.pop(name) or 0 for name in ("people", "parties")}
    sums = {name: row.pop(name) or Decimal(0) for name in ("amount", "promised")}
    words = {name: row.pop(name) or "" for name in ("initiative", "tier")}
    criminal = row.pop("turned_criminal_at") is not None
    return Held(
        **(row | counted | sums | words),
        said=bool(said),
        turned_criminal=criminal,
        endangered=alarmed or danger != Danger.NONE,
    )


def _beside() -> dict[str, Subquery | Exists]:
    of_it, of_matter = {"mediation_id": OuterRef("pk")}, {"matter_id": OuterRef("matter_id")}
    asked = Consent.objects.filter(**of_it).order_by().values("mediation_id").annotate(n=Count("pk"))
    footing = Footing.objects.filter(**of_it).order_by("-recorded_at", "-id")
    assessed = Assessment.objects.filter(**of_matter).exclude(tier="").order_by("-at", "-id")
    alarms = [f"matter.{Action.DANGER}", f"matter.{Action.DANGER_OVER}"]
    money = (
        Term.objects.filter(
            agreement__mediation_id=OuterRef("pk"),
            agreement__state=AgreementState.EFFECTIVE,
            draft=F("agreement__draft"),
            kind=TermKind.PAY,
        )
        .order_by()
        .values("agreement__mediation_id")
        .annotate(n=Sum("amount"))
    )
    return {
        "parties": Subquery(asked.values("n")),
        "initiative": Subquery(footing.values("initiative")[:1]),
        "tier": Subquery(assessed.values("tier")[:1]),
        "alarmed": Exists(HistoryEvent.objects.filter(**of_matter, type__in=alarms)),
        "promised": Subquery(money.values("n"), output_field=DecimalField()),
        "applied": Exists(_facts(FactKind.CONFIRMATION_APPLIED)),
        "decided": Exists(_facts(FactKind.COURT_DECIDED)),
    }


def _facts(kind: FactKind) -> QuerySet[Fact]:
    """What holds still: neither taken back nor put right, and recorded after the mediation ended."""
    return Fact.objects.filter(
        matter_id=OuterRef("matter_id"),
        kind=kind,
        withdrawn=False,
        replaced_by__isnull=True,
        recorded_at__gte=OuterRef("ended_at"),
    )


# --- the proof that the form is the ledger --------------------------------------------------------------------
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
    ]
    return [*lines, _still_open(matters, form), _as_it_stands(form)]


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
