"""The history of a matter as sentences in the reader's language, and the days spent in each step."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.agreements.enums import AgreementAction
from fengqiao.clocks.counting import Unit
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.wording import ground_in_words, unit_in_words
from fengqiao.confirmation.enums import CourtAction
from fengqiao.counsel.enums import ConsultationAction, TeamAction
from fengqiao.dispatch.enums import AssignmentAction, CallState
from fengqiao.kernel import clock
from fengqiao.leading.enums import Ask, Ending, InstructionAction, KeyAction, KeyKind, RecommendationAction
from fengqiao.matters.enums import (
    STEP_OF,
    Action,
    Danger,
    Risk,
    Satisfaction,
    State,
    Step,
    Tier,
    Track,
    WordKind,
)
from fengqiao.matters.models import HistoryEvent, Matter, Word
from fengqiao.mediation.enums import MediationAction
from fengqiao.places.models import Centre, Department
from fengqiao.pool.enums import LawyerAction
from fengqiao.referrals.enums import ReferralAction
from fengqiao.reporting.enums import DueReport, ReportAction, ReportReceiver
from fengqiao.reviews.enums import CaseAction, HeldAction, HeldKind, SampleAction
from fengqiao.rules.queries.key_matters import all_grounds
from fengqiao.rules.queries.limits import all_limits
from fengqiao.study.enums import Reply, Stance, StudyAction
from fengqiao.supervision.enums import Branch, Rung, SupervisionAction
from fengqiao.web.desk.agreements.wording import of_an_agreement
from fengqiao.web.desk.counsel.wording import of_a_consultation, of_a_team
from fengqiao.web.desk.court.wording import of_a_case as of_a_court_case
from fengqiao.web.desk.mediation.words import of_a_mediation
from fengqiao.web.desk.papers.wording import WORDS as PAPER_WORDS
from fengqiao.web.desk.pool.words import of_a_lawyer
from fengqiao.web.desk.referrals.wording import of_a_referral

CLOCK_ACTS = {
    "record": gettext_lazy("记录时限事实"),
    "correct": gettext_lazy("更正时限事实"),
    "take_back": gettext_lazy("撤回时限事实"),
    "pause": gettext_lazy("中止计时"),
    "resume": gettext_lazy("恢复计时"),
    "restart": gettext_lazy("重新计算时限"),
    "fulfil": gettext_lazy("记录已经办到"),
    "ask_extension": gettext_lazy("申请延长时限"),
    "decide_extension": gettext_lazy("审批延长时限"),
}
RED = frozenset(
    {
        *("matter.danger", "matter.turned_criminal", "dispatch.ask_return", "matter.reopen"),
        *("supervision.decide.ordered", "supervision.decide.handed_over", "report.write"),
    }
)


def history(events: Sequence[HistoryEvent], words: Iterable[Word]) -> list[dict[str, Any]]:
    """Items for the timeline, newest first."""
    said: dict[int, list[str]] = {}
    for word in words:
        said.setdefault(word.seq, []).append(_worded(word))
    contents = [json.loads(bytes(event.content)) for event in events]
    people = dict(
        Person.objects.filter(pk__in={event.person_id for event in events}).values_list("pk", "name")
    )
    names = _names(contents)
    items = []
    for event, content in zip(events, contents, strict=True):
        role = content.get("role", "")
        by = " · ".join(
            each
            for each in (
                people.get(event.person_id, ""),
                str(Role(role).label) if role in Role.values else "",
            )
            if each
        )
        items.append(
            {
                "at": event.at,
                "text": sentence(event.type, content.get("parameters") or {}, names),
                "note": "\n".join(said.get(event.seq, [])),
                "by": by,
                "tone": "r" if event.type in RED else "b",
            }
        )
    return items[::-1]


def _worded(word: Word) -> str:
    """A sentence under its heading where it says on what ground something was done."""
    if word.kind in (WordKind.GROUNDS, WordKind.REASON):
        return _("%(heading)s：%(text)s") % {"heading": WordKind(word.kind).label, "text": word.text}
    return word.text


def sentence(kind: str, parameters: dict[str, Any], names: dict[str, str]) -> str:
    """One event in words: what was done, by or to which body, with what result."""
    room, _dot, rest = kind.partition(".")
    action, _dot, branch = rest.partition(".")
    if kind == "matter.registered":
        return _("登记")
    if room == "matter" and action in Action.values:
        text = str(Action(action).label)
        detail = _detail(parameters, names)
    elif room == "dispatch" and action in AssignmentAction.values:
        text = str(AssignmentAction(action).label)
        if branch:
            text += " · " + (_("同意退回") if branch == "upheld" else _("不同意退回"))
        detail = names.get(str(parameters.get("department", "")), "")
        if parameters.get("give_to"):
            detail += " → " + names.get(str(parameters["give_to"]), "")
    elif room in WORDED and action in WORDED[room][0].values:
        text, detail = WORDED[room][1](action, branch, parameters, names)
    elif room == "whistle":
        scored = {"scored": _("应哨评分"), "rescored": _("修改应哨评分")}
        text = scored.get(action) or (
            str(CallState(action).label) if action in CallState.values else _("吹哨")
        )
        detail = _bodies(parameters, names)
        if parameters.get("score") is not None:
            score = int(parameters["score"])
            detail += " · " + ngettext("%(n)d 分", "%(n)d 分", score) % {"n": score}
        if parameters.get("minutes") is not None:
            minutes = int(parameters["minutes"])
            detail += " · " + ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
    elif room == "clock":
        text = str(CLOCK_ACTS.get(action, kind))
        if branch:
            text += " · " + (_("同意") if branch == "granted" else _("不同意"))
        detail = _of_a_limit(parameters)
    else:
        text = {
            "matter.merged_in": _("有事项并入"),
            "notice.given": _("告知"),
            "party.unmasked": _("查看完整号码"),
        }.get(kind, kind)
        detail = _bodies(parameters, names)
    return f"{text} · {detail}" if detail else text


def _of_the_ladder(
    action: str, branch: str, parameters: dict[str, Any], names: dict[str, str]
) -> tuple[str, str]:
    """What was done on the ladder of supervision, and to which body on which rung."""
    text = str(SupervisionAction(action).label)
    if branch in Branch.values:
        text += " · " + str(Branch(branch).label)
    rung = parameters.get("rung", "")
    named = [_bodies(parameters, names), str(Rung(rung).label) if rung in Rung.values else ""]
    return text, " · ".join(each for each in named if each)


def _of_the_list(
    action: str, _branch: str, parameters: dict[str, Any], _names: dict[str, str]
) -> tuple[str, str]:
    """What was done with a listed matter: which list and why, on which day, until when the next look is due."""
    parts: list[str] = []
    ground = all_grounds().get(str(parameters.get("ground") or ""))
    if ground is not None:
        parts += [str(KeyKind(parameters["kind"]).label), ground.name]
    if parameters.get("ending") in Ending.values:
        parts.append(str(Ending(parameters["ending"]).label))
    if parameters.get("day"):
        parts.append(str(parameters["day"]))
    if parameters.get("look_by"):
        parts.append(_("下次过问不晚于 %(day)s") % {"day": parameters["look_by"]})
    return str(KeyAction(action).label), " · ".join(parts)


def _of_an_instruction(
    action: str, _branch: str, parameters: dict[str, Any], names: dict[str, str]
) -> tuple[str, str]:
    """What was done about a leader's instruction: what it asks, of which body, until when."""
    parts = [str(Ask(parameters["asks"]).label), _bodies(parameters, names)]
    if action in (InstructionAction.GIVE, InstructionAction.SEND_BACK):
        parts.append(_("办到 %(day)s") % {"day": parameters["due_on"]})
    return str(InstructionAction(action).label), " · ".join(each for each in parts if each)


def _of_a_review(
    action: str, branch: str, parameters: dict[str, Any], names: dict[str, str]
) -> tuple[str, str]:
    """What was done on the accountability list, of which body and about which fact."""
    kind = parameters.get("kind", "")
    body = _bodies(parameters, names) or names.get(str(parameters.get("centre", "")), "")
    named = [body, str(HeldKind(kind).label) if kind in HeldKind.values else ""]
    return str(HeldAction(action).label), " · ".join(each for each in named if each)


def _of_a_report(
    action: str, branch: str, parameters: dict[str, Any], names: dict[str, str]
) -> tuple[str, str]:
    """A direct report: its number and to whom it went."""
    to = [str(ReportReceiver(each).label) for each in parameters.get("receivers") or []]
    parts = [parameters.get("number", ""), _("、").join(to)]
    return str(ReportAction(action).label), " · ".join(each for each in parts if each)


def _of_a_file(
    action: str, _branch: str, parameters: dict[str, Any], _names: dict[str, str]
) -> tuple[str, str]:
    """What was done with a file that was drawn, and how many questions were answered with no."""
    if "wrong" not in parameters:
        return str(SampleAction(action).label), ""
    wrong = len(parameters["wrong"])
    return str(SampleAction(action).label), ngettext("%(n)d 项不符合", "%(n)d 项不符合", wrong) % {"n": wrong}


def _of_a_case(
    action: str, _branch: str, parameters: dict[str, Any], _names: dict[str, str]
) -> tuple[str, str]:
    """What was done in a case review, and until when something is mended."""
    by = parameters.get("mend_by")
    return str(CaseAction(action).label), (_("整改到 %(day)s") % {"day": by} if by else "")


def _of_a_study(
    action: str, branch: str, parameters: dict[str, Any], names: dict[str, str]
) -> tuple[str, str]:
    """A study: what was answered, how the opinions divided, who was advised. Never who wrote which opinion."""
    parts = [_bodies(parameters, names)]
    if parameters.get("answer") in Reply.values:
        parts.append(str(Reply(parameters["answer"]).label))
    if parameters.get("people"):
        n = int(parameters["people"])
        parts.append(ngettext("%(n)d 位委员", "%(n)d 位委员", n) % {"n": n})
    if parameters.get("materials"):
        n = int(parameters["materials"])
        parts.append(ngettext("%(n)d 份材料", "%(n)d 份材料", n) % {"n": n})
    for stance, n in (parameters.get("division") or {}).items():
        parts.append(f"{Stance(stance).label} {n}")
    return str(StudyAction(action).label), " · ".join(part for part in parts if part)


def _of_a_recommendation(
    action: str, _branch: str, parameters: dict[str, Any], names: dict[str, str]
) -> tuple[str, str]:
    """To which unit, and the letter's number."""
    number = _("〔%(year)s〕%(number)s 号") % {"year": parameters["year"], "number": parameters["number"]}
    parts = [_bodies(parameters, names), number]
    return str(RecommendationAction(action).label), " · ".join(each for each in parts if each)


# Rooms that word their own acts: their actions, and what says one of them with its detail.
WORDED: dict[str, tuple[type[TextChoices], Callable[..., tuple[str, str]]]] = {
    "supervision": (SupervisionAction, _of_the_ladder),
    "key": (KeyAction, _of_the_list),
    "instruction": (InstructionAction, _of_an_instruction),
    "agreement": (AgreementAction, of_an_agreement),
    "referral": (ReferralAction, of_a_referral),
    "paper": PAPER_WORDS,
    "court": (CourtAction, of_a_court_case),
    "mediation": (MediationAction, of_a_mediation),
    "lawyer": (LawyerAction, of_a_lawyer),
    "recommendation": (RecommendationAction, _of_a_recommendation),
    "review": (HeldAction, _of_a_review),
    "report": (ReportAction, _of_a_report),
    "consultation": (ConsultationAction, of_a_consultation),
    "team": (TeamAction, of_a_team),
    "study": (StudyAction, _of_a_study),
    "sample": (SampleAction, _of_a_file),
    "case": (CaseAction, _of_a_case),
}


def _detail(parameters: dict[str, Any], names: dict[str, str]) -> str:
    parts: list[str] = []
    for key, kind in (
        ("level", Risk),
        ("track", Track),
        ("satisfaction", Satisfaction),
        ("danger", Danger),
    ):
        value = parameters.get(key)
        if value in kind.values:
            parts.append(str(kind(value).label))
    for key in ("lead", "centre"):
        if parameters.get(key):
            parts.append(names.get(str(parameters[key]), ""))
    parts.append(_beside_rule(parameters.get("rule") or {}))
    if parameters.get("tier") in Tier.values:
        parts += [str(Tier(parameters["tier"]).label), _beside_rule(parameters.get("tier_rule") or {})]
    if (parameters.get("report") or {}).get("due") == DueReport.DUE:
        parts.append(_("按规则 %(row)s 应当直报") % {"row": parameters["report"]["row"]})
    return " · ".join(part for part in parts if part)


def _beside_rule(rule: dict[str, Any]) -> str:
    """Which row proposed something, whether it was followed, and of which version of a county's own."""
    if not rule.get("row"):
        return ""
    said = _("与规则 %(row)s 不同") if rule.get("overridden") else _("同规则 %(row)s")
    text = said % {"row": rule["row"]}
    if str(rule.get("version", "")).isdecimal():
        text += _("（第 %(number)s 版）") % {"number": rule["version"]}
    return text


def _of_a_limit(parameters: dict[str, Any]) -> str:
    """Which limit or fact it was about, and what was said of it."""
    limit = all_limits().get(str(parameters.get("limit") or ""))
    parts = [limit.title] if limit else []
    if parameters.get("kind") in FactKind.values:
        parts.append(str(FactKind(parameters["kind"]).label))
    if parameters.get("ground"):
        parts.append(ground_in_words(str(parameters["ground"])))
    if parameters.get("n") and parameters.get("unit"):
        parts.append(unit_in_words(int(parameters["n"]), Unit(parameters["unit"])))
    moments = [_moment(parameters[key]) for key in ("from", "at", "until") if parameters.get(key)]
    if moments:
        parts.append(" → ".join(moments))
    return " · ".join(parts)


def _moment(said: str) -> str:
    return datetime.fromisoformat(said).astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _bodies(parameters: dict[str, Any], names: dict[str, str]) -> str:
    ids = [parameters.get("department"), *(parameters.get("departments") or [])]
    return _("、").join(names[str(each)] for each in ids if str(each) in names)


def _names(contents: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Short names of the departments and centres that the events refer to (two statements at most)."""
    bodies: set[UUID] = set()
    centres: set[UUID] = set()
    for content in contents:
        parameters = content.get("parameters") or {}
        given = [parameters.get(key) for key in ("lead", "department", "give_to")]
        given += parameters.get("departments") or []
        bodies |= {UUID(str(each)) for each in given if each}
        if parameters.get("centre"):
            centres.add(UUID(str(parameters["centre"])))
    found = dict(Department.objects.filter(pk__in=bodies).values_list("pk", "short_name"))
    found |= dict(Centre.objects.filter(pk__in=centres).values_list("pk", "name"))
    return {str(key): name for key, name in found.items()}


def steps_of(matter: Matter, events: Sequence[HistoryEvent]) -> list[dict[str, Any]]:
    """The six steps with the days spent in each; a step that was passed over says so."""
    spent = _days(matter, events)
    order = list(Step)
    now = order.index(STEP_OF[State(matter.state)])
    over = matter.state in (State.CLOSED, State.ARCHIVED)
    shown = []
    for place, step in enumerate(order):
        days = spent.get(step)
        if place == now and not over:
            state, note = "now", f"{_in_days(days or 0)} · {State(matter.state).label}"
        elif place < now or over:
            state = "done" if days is not None else "skipped"
            note = _in_days(days) if days is not None else _("未经此步")
        else:
            state, note = "todo", ""
        shown.append({"label": step.label, "state": state, "note": note})
    return shown


def _days(matter: Matter, events: Sequence[HistoryEvent]) -> dict[Step, int]:
    seconds: dict[Step, float] = {}
    at: datetime = matter.registered_at
    step = Step.REGISTER
    for event in events:
        to = (json.loads(bytes(event.content)).get("parameters") or {}).get("to")
        if not event.type.startswith("matter.") or to not in State.values:
            continue
        seconds[step] = seconds.get(step, 0.0) + (event.at - at).total_seconds()
        at, step = event.at, STEP_OF[State(to)]
    if matter.is_open:
        seconds[step] = seconds.get(step, 0.0) + (clock.now() - at).total_seconds()
    else:
        seconds.setdefault(step, 0.0)
    return {each: int(total // 86400) for each, total in seconds.items()}


def _in_days(days: int) -> str:
    if days == 0:
        return _("当天")
    return ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}
