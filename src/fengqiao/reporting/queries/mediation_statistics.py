"""人民调解统计表: the mediations of a period, by kind of dispute, each number with its rows.

A number is counted from a list that is kept: it cannot differ from the rows it opens into.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.accounts.actor import Actor
from fengqiao.confirmation.enums import AT_COURT, CaseState
from fengqiao.matters.enums import Performance, Tier
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.visibility import MatterQuerySet
from fengqiao.mediation.enums import Result
from fengqiao.reporting.periods import Period
from fengqiao.reporting.queries.held import Held, held_in
from fengqiao.rules.queries.mediation_statistics import OTHER, origin_of, report_categories

TOTAL = "total"
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


def _at_court(name: str, label: Promise, *states: str) -> Counter:
    """Counts applications, of which one agreement can have several (one was withdrawn, another confirmed)."""
    return Counter(
        name,
        label,
        lambda held, period: _agreed(held, period) and held.at_court(*states) > 0,
        of=lambda held: held.at_court(*states),
    )


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
    _at_court("confirm_applied", _("申请司法确认")),
    _at_court("confirm_pending", _("法院审查中"), *AT_COURT),
    _at_court("confirm_confirmed", pgettext_lazy("法院案件", "裁定有效"), CaseState.CONFIRMED),
    _at_court("confirm_refused", pgettext_lazy("法院案件", "不予受理或者驳回"), CaseState.REFUSED),
    _at_court("confirm_withdrawn", _("撤回司法确认申请"), CaseState.WITHDRAWN),
    Counter(
        "prevented",
        _("防止矛盾激化"),
        lambda h, p: _agreed(h, p) and h.endangered and not h.criminal,
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
    held = held_in(matters_of(actor, centre), period)
    form = Form(period, held, {each.id: [] for each in report_categories()})
    for each in held:
        form.by_kind[each.kind].append(each)
    return form


def matters_of(actor: Actor, centre: UUID | None) -> MatterQuerySet:
    """The part of the ledger that the form is of; as the ledger's own filter, by the centre of registration."""
    found: MatterQuerySet = Matter.objects.visible_to(actor)
    return found.filter(centre_id=centre) if centre else found
