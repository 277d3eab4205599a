"""What a decision table may ask about a matter, and what it may answer. Both lists are closed.

Only facts of the matter itself are here: what is claimed, of what kind the respondent is, which procedures
run, what is at stake and how urgent it is; and of a department's part in it, what is overdue and since when.
Nothing about a person is, and nothing may be added that is: no record, belief, origin, ethnicity, and not how
often somebody petitioned (tests/rules/test_decision_tables.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.rules.enums import TableKind

# No term that a row sets is longer, in working days.
MOST_DAYS = 60


class FactKind(StrEnum):
    """How a fact is written: one code, several codes, a category's digits, a number, or yes and no."""

    CODE = "code"
    CODES = "codes"
    CATEGORY = "category"
    NUMBER = "number"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Input:
    """A fact that a row may ask for.

    ``words`` names the list of codes it is written in. ``may_lack``: the fact can be unknown, and is null
    then. ``decided_by``: the fact is the confirmed answer of another table. ``unsaid``: what a number is that
    cannot be unknown where nothing was said of it.
    """

    name: str
    label: Any
    kind: FactKind
    words: str = ""
    may_lack: bool = False
    decided_by: TableKind | None = None
    # Registrations of a matter are counted with itself.
    unsaid: int = 1


@dataclass(frozen=True)
class Output:
    """What a row answers. ``words`` names its list of codes; ``several``: more than one may be named.

    ``most``: it is a whole number from 1 to this. ``needed_for``: a row that chooses this code must say it.
    """

    name: str
    label: Any
    required: bool = False
    words: str = ""
    several: bool = False
    most: int = 0
    needed_for: str = ""


@dataclass(frozen=True)
class Shape:
    """What one kind of table asks and answers; ``chooses`` is the output that the officer confirms.

    ``of_matter``: a matter alone has an answer, so that the ledger can be asked under a draft.
    """

    inputs: tuple[str, ...]
    outputs: tuple[Output, ...]
    chooses: str
    of_matter: bool = True


INPUTS: dict[str, Input] = {
    each.name: each
    for each in (
        Input("claims", _("诉求性质"), FactKind.CODES, "claim"),
        Input("against", _("对方"), FactKind.CODE, "against"),
        Input("running", _("正在进行的程序"), FactKind.CODES, "procedure"),
        Input("used", _("已经终结的程序"), FactKind.CODES, "procedure"),
        Input("petition_final", _("信访复核终结"), FactKind.YES_NO),
        Input("category", _("纠纷类型"), FactKind.CATEGORY, may_lack=True),
        Input("scale", _("规模"), FactKind.CODE, "scale"),
        Input("people", _("涉及人数"), FactKind.NUMBER, may_lack=True),
        Input("amount", _("涉及金额（元）"), FactKind.NUMBER, may_lack=True),
        Input("danger", _("紧急危险"), FactKind.CODE, "danger"),
        Input("days_to_harm", _("几天内可能造成损害"), FactKind.NUMBER, may_lack=True),
        Input("public_place", _("发生在公共场所"), FactKind.YES_NO, may_lack=True),
        Input("needs_care", _("牵涉需要特别保护的人"), FactKind.YES_NO, may_lack=True),
        Input("reports", _("反映同一件事的登记件数"), FactKind.NUMBER),
        Input("risk", _("研判的风险"), FactKind.CODE, "risk", may_lack=True, decided_by=TableKind.RISK),
        Input("track", _("分到哪一类"), FactKind.CODE, "track", may_lack=True, decided_by=TableKind.TRACK),
        # Of a department's part in the matter: what stands against it, and what may come next.
        Input("rung", _("下一级督办"), FactKind.CODE, "rung"),
        Input("ground", _("什么事实"), FactKind.CODE, "ground"),
        Input("days_over", _("已过几个工作日"), FactKind.NUMBER, unsaid=0),
        Input("body", _("承办单位类别"), FactKind.CODE, "department"),
    )
}

TABLES: dict[TableKind, Shape] = {
    TableKind.TRACK: Shape(
        inputs=("claims", "against", "running", "used", "petition_final", "category", "danger", "risk"),
        outputs=(
            Output("track", _("分到哪一类"), required=True, words="track"),
            Output("departments", _("主办、协办部门"), words="department", several=True),
            Output("guide", pgettext_lazy("规则", "怎么引导")),
        ),
        chooses="track",
    ),
    TableKind.RISK: Shape(
        inputs=(
            "danger",
            "days_to_harm",
            "people",
            "scale",
            "reports",
            "public_place",
            "needs_care",
            "amount",
            "claims",
            "category",
        ),
        outputs=(Output("level", _("风险"), required=True, words="risk"),),
        chooses="level",
    ),
    # Asked in the same form as the risk, so it cannot wait for it.
    TableKind.TIER: Shape(
        inputs=(
            "danger",
            "people",
            "scale",
            "reports",
            "amount",
            "claims",
            "against",
            "running",
            "used",
            "petition_final",
            "category",
        ),
        outputs=(Output("tier", _("由哪一级办"), required=True, words="tier"),),
        chooses="tier",
    ),
    TableKind.REPORT: Shape(
        inputs=(
            "risk",
            "danger",
            "days_to_harm",
            "people",
            "scale",
            "reports",
            "public_place",
            "needs_care",
            "claims",
            "category",
        ),
        outputs=(
            Output("due", _("要不要直报"), required=True, words="due_report"),
            Output("receivers", _("报给谁"), words="report_receiver", several=True),
        ),
        chooses="due",
    ),
    TableKind.SUPERVISION: Shape(
        inputs=(
            "rung",
            "ground",
            "days_over",
            "body",
            "track",
            "category",
            "risk",
            "danger",
            "scale",
            "people",
        ),
        outputs=(
            Output("due", _("可不可以提请"), required=True, words="due_supervision"),
            Output("answer_days", _("申辩几个工作日"), most=MOST_DAYS, needed_for="propose"),
            Output("report_days", _("几个工作日内反馈"), most=MOST_DAYS),
        ),
        chooses="due",
        of_matter=False,
    ),
}

# The lists of codes belong to the rooms below; config/wiring.py brings them.
_words: dict[str, type[TextChoices]] = {}


def speak(**lists: type[TextChoices]) -> None:
    """Supplies lists of codes by name."""
    _words.update(lists)


def codes(name: str) -> dict[str, Any]:
    """Code → label of a list; an unknown name is a mistake in the program."""
    return dict(_words[name].choices)


def shape_of(kind: str) -> Shape:
    """The shape of a kind of table."""
    return TABLES[TableKind(kind)]


def leads_round(kind: str, name: str) -> bool:
    """Whether a table of this kind would wait for itself if it asked for this fact."""
    decided_by = INPUTS[name].decided_by
    if decided_by is None:
        return False
    return decided_by == kind or any(leads_round(kind, other) for other in TABLES[decided_by].inputs)
