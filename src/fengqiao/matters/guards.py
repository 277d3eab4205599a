"""Questions of the step table that the matter itself can answer. Others' answers: config/wiring.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import LEADERS, Role
from fengqiao.kernel import guards
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.enums import (
    OPEN_STATES,
    Danger,
    Outcome,
    Performance,
    ProcedureKind,
    ProcedureStage,
    Satisfaction,
    State,
    Step,
    Track,
)
from fengqiao.matters.models import Matter
from fengqiao.places.queries.acting import counties_below
from fengqiao.rules.queries.closing import ATTEMPTS_BEFORE_UNREACHABLE, ClosingRule, rules_for

Facts = dict[str, Any]

POST_OF_TRACK = {
    Track.PETITION: Role.PETITION_OFFICER,
    Track.LEGAL: Role.LEGAL_OFFICER,
    Track.DEPARTMENTAL: Role.INDUSTRY_OFFICER,
}


def competent_post(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    """Only the post competent for the matter's track settles on the spot; before routing the officer names it."""
    track = matter.track or facts.get("track")
    if track and POST_OF_TRACK[Track(track)] == actor.role:
        return None
    return Refusal("not_competent", _("这类事项由对应岗位当场处理：信访岗、政法服务岗或行业部门岗。"))


def all_consent(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    """Mediation only with each party's recorded consent (人民调解法 第17条)."""
    answers: dict[str, bool] = facts.get("consents", {})
    parties = dict(matter.parties.values_list("pk", "agent_of"))
    named = [str(pk) for pk, agent_of in parties.items() if agent_of is None]
    # An answer of somebody who is no party of this matter is not written down as one of it.
    theirs = set(answers) <= {str(pk) for pk in parties}
    if named and theirs and all(answers.get(pk) is True for pk in named):
        return None
    return Refusal(
        "no_consent", _("须逐一记录各方当事人同意调解；有一方不同意的，请选“不经调解”。"), field="consents"
    )


def mediable(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    """Domestic violence and reports of wrongdoing are not mediated; nor is a quarrel without another side."""
    if matter.danger == "domestic_violence":
        return Refusal("not_mediable", _("涉家庭暴力，不适宜调解：请先处置危险。"))
    if not matter.parties.filter(role="respondent").exists():
        return Refusal("not_mediable", _("还没有登记对方当事人，不能调解。"))
    return None


def not_the_handler(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    """The visit is made by someone other than who wrote the result."""
    if matter.dispositions.filter(by_id=actor.person_id).exists():
        return Refusal("own_work", _("办理人不能回访自己办理的事项，请由他人回访。"))
    return None


def disposition_written(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    """The centre closes nothing for the department: its written result must be there, after the last opening."""
    if matter.dispositions.filter(at__gte=matter.state_since).exists():
        return None
    return Refusal("no_disposition", _("主办部门还没有写出办理结果。"))


def guided_or_redirected(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    if matter.outcome in (Outcome.GUIDED, Outcome.REDIRECTED):
        return None
    return Refusal("nothing_handed_over", _("只有引导移交或导入法定程序的事项才有接收回执。"))


def has_upper(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    if matter.holder.upper_id:
        return None
    return Refusal("no_upper", _("本中心之上没有上级中心。"))


def is_lower(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    """A centre right below the one that holds it, on the same side of the county's wall as the matter."""
    target = facts.get("centre")
    if target is None or target.upper_id != matter.holder_id:
        return Refusal("not_lower", _("只能下交给本中心直接下级的中心。"), field="centre")
    if matter.county not in counties_below(target.division_id):
        return Refusal("out_of_reach", _("事项在别的县登记，这个中心看不到，不能下交给它。"), field="centre")
    return None


def not_final(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    """After the petition's recheck the same facts are not taken up again (信访工作条例 第36条)."""
    final = matter.procedures.filter(kind=ProcedureKind.PETITION, stage=ProcedureStage.FINAL).exists()
    if final and not facts.get("new_facts"):
        return Refusal(
            "final",
            _("信访复核已经终结，同一事实和理由不再受理；有新事实、新理由的请写明。"),
            field="new_facts",
        )
    return None


def is_criminal(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    return None if matter.turned_criminal_at else Refusal("not_criminal", _("本事项没有民转刑记录。"))


def criminal_reviewed(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    """A quarrel that turned criminal is always reviewed before it closes."""
    if matter.turned_criminal_at and not matter.criminal_reviewed_at:
        return Refusal("review_missing", _("民转刑事项须先复盘，才能结案。"))
    return None


# --- merging ------------------------------------------------------------------------------------------------
def mergeable(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    """Whether the matter may go on under ``facts["main"]``: one level deep, so that there is no circle."""
    main: Matter = facts["main"]
    problem = None
    if main.pk == matter.pk:
        problem = "same_matter", _("这就是本事项，不能并入自己。")
    elif main.county != matter.county:
        problem = "other_county", _("两件事项在不同的县登记，不能合并，可以关联。")
    elif main.holder_id != matter.holder_id:
        problem = "other_holder", _("主事项不由本中心持有，不能合并，可以关联。")
    elif main.restriction != matter.restriction:
        problem = "other_restriction", _("一件限阅、一件普通，不能合并，可以关联。")
    elif main.outcome == Outcome.MERGED:
        problem = "main_is_merged", _("主事项自己已并入别的事项，请并入那一件。")
    elif main.state not in OPEN_STATES or main.outcome == Outcome.WITHDRAWN:
        problem = "main_is_over", _("主事项已经结案、归档或撤回，不能再并入；请重启主事项或单独办理。")
    elif Matter.objects.filter(merged_into_id=matter.pk).exists():
        problem = "is_a_main", _("已有别的事项并入本事项，请反过来把对方并入本事项。")
    elif matter.against_department_id != main.against_department_id:
        problem = "other_complaint", _("两件事项反映的单位不同，不能合并，可以关联。")
    elif matter.danger != Danger.NONE and main.danger == Danger.NONE:
        problem = "danger_stays", _("本事项有紧急危险：请先在主事项标明，或解除后再并入。")
    return Refusal(problem[0], problem[1], field="main") if problem else None


def has_result(main: Matter | None) -> bool:
    """Whether a main matter has come to a result that the merged one's petitioners can be told."""
    return main is not None and main.step == Step.SETTLE and main.outcome not in ("", Outcome.WITHDRAWN)


def main_has_result(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    """Who brought a merged matter is visited when there is something to tell them."""
    if matter.outcome != Outcome.MERGED or has_result(main_of(matter)):
        return None
    return Refusal(
        "main_has_no_result",
        _("主事项还没有结果（或您的岗位看不到它），有了结果再答复；主事项撤回的，请重启本事项。"),
    )


def main_of(matter: Matter) -> Matter | None:
    """The main matter, as far as the walls let the scope see it."""
    return Matter.objects.filter(pk=matter.merged_into_id).first() if matter.merged_into_id else None


# --- closing: outcome × evidence ----------------------------------------------------------------------------
EVIDENCE: dict[str, tuple[Callable[[Matter, Actor], bool], Any]] = {
    "visited": (lambda m, a: m.state in (State.VISITED, State.EVALUATED), pgettext_lazy("凭据", "回访")),
    "not_dissatisfied": (lambda m, a: m.satisfaction != Satisfaction.DISSATISFIED, _("回访并非不满意")),
    "performed": (
        lambda m, a: m.performance in (Performance.NONE, Performance.PERFORMED),
        _("已履行（或无需履行）"),
    ),
    "evaluated": (lambda m, a: m.state == State.EVALUATED, pgettext_lazy("凭据", "评价")),
    "remedies_told": (lambda m, a: m.remedies_told_at is not None, pgettext_lazy("凭据", "书面告知救济途径")),
    "director": (lambda m, a: a.role in LEADERS, _("由主任结案")),
    "unreachable": (lambda m, a: m.visit_attempts >= ATTEMPTS_BEFORE_UNREACHABLE, _("三次以上联系不上")),
    "anonymous": (lambda m, a: m.anonymous, _("匿名")),
    "receipt": (lambda m, a: bool(m.receipt_number), _("接收单位回执")),
    "main_settled": (lambda m, a: has_result(main_of(m)), pgettext_lazy("凭据", "主事项的结果")),
    "withdrawal_written": (lambda m, a: m.outcome == Outcome.WITHDRAWN, _("撤回说明")),
}


# What a matter is, and nobody should be asked to bring about: least of all a satisfied answer.
CIRCUMSTANCES = frozenset({"anonymous", "unreachable", "not_dissatisfied"})


def lacking(rule: ClosingRule, matter: Matter, actor: Actor) -> list[str]:
    """The names of the evidence that a row of the table still wants."""
    return [name for name in rule.evidence if not EVIDENCE[name][0](matter, actor)]


def closing_evidence(*, actor: Actor, matter: Matter, facts: Facts) -> Refusal | None:
    """Closing needs one row of rules/data/closing.csv that holds; else the nearest row that can be met is told."""
    lacks = [lacking(rule, matter, actor) for rule in rules_for(matter.outcome)]
    if any(not lack for lack in lacks):
        return None
    possible = [lack for lack in lacks if not CIRCUMSTANCES & set(lack)]
    nearest = [EVIDENCE[name][1] for name in min(possible, key=len, default=[])] or [
        pgettext_lazy("凭据", "办理结果")
    ]
    return Refusal(
        "evidence_missing",
        _("还不能结案，缺少：%(missing)s。") % {"missing": _("、").join(str(each) for each in nearest)},
    )


def centre_in_hand(*, centre_id: UUID, field: str) -> Refusal | None:
    """What keeps a centre from being ended: how many matters it holds that are not archived."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT centre_in_hand(%s)", [centre_id])
        [held] = cursor.fetchone()
    if not held:
        return None
    return Refusal(
        "work_in_hand",
        _("它还有 %(number)d 件没有归档的事项，请先办结归档，或提级、下交给别的中心。") % {"number": held},
        field=field,
    )


def supply_own() -> None:
    """Makes the matter's own answers known (at start)."""
    for answer in (
        competent_post,
        all_consent,
        mediable,
        not_the_handler,
        disposition_written,
        guided_or_redirected,
        has_upper,
        is_lower,
        not_final,
        is_criminal,
        criminal_reviewed,
        closing_evidence,
        mergeable,
        main_has_result,
        centre_in_hand,
    ):
        guards.supply(answer.__name__, answer)
