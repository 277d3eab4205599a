"""A counted limit in sentences, in the reader's language: what the panel, the command and the API tell alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from fengqiao.clocks.counting import Deadline, Explanation, Length, Span, SpanKind, Unit
from fengqiao.clocks.queries.calendar import holidays_in_english
from fengqiao.kernel.clock import SHANGHAI
from fengqiao.kernel.working_days import DayKind
from fengqiao.rules.wording import length_in_words


def unit_in_words(n: int, unit: Unit) -> str:
    """“5 个工作日”, “1 个月”."""
    return length_in_words(n, unit)


def sentences(told: Explanation) -> list[str]:
    """Start, each stretch of days with its reason, and the end: one sentence each, in their order."""
    if told.counted_from is not None:
        first = _("从 %(moment)s 起计时，开始的那个小时不计入。") % {"moment": _moment(told.counted_from)}
        return [first, ending(told.deadline)]
    return [
        _("%(day)s 开始，当日不计入。") % {"day": told.start_day.isoformat()},
        *(
            [_("对应日是 %(day)s。") % {"day": told.corresponding.isoformat()}]
            if told.corresponding is not None
            else []
        ),
        *(span_in_words(span) for span in told.spans),
        ending(told.deadline),
    ]


def span_in_words(span: Span) -> str:
    """Days in a row and why they count or do not."""
    days = _days(span.first, span.last)
    number = ngettext("%(n)d 天", "%(n)d 天", span.days) % {"n": span.days}
    values = {"days": days, "number": number, "name": ground_in_words(holiday(span.name))}
    if span.kind is SpanKind.PAUSED:
        if not span.name:
            return _("%(days)s：中止，%(number)s不计入。") % values
        return _("%(days)s：中止（%(name)s），%(number)s不计入。") % values
    if span.kind is SpanKind.ROLLED:
        if span.day_kind in (DayKind.WORKDAY, DayKind.MAKE_UP):
            return _("%(days)s：休息日后的第一天，期限在这一天届满。") % values
        return _rest(span, days, rolled=True)
    if span.kind is SpanKind.NOT_WORKED:
        return _rest(span, days, rolled=False)
    if span.day_kind is DayKind.MAKE_UP:
        return _("%(days)s：%(name)s调休上班，计入 %(number)s。") % values
    return _("%(days)s：计入 %(number)s。") % values


def ending(deadline: Deadline) -> str:
    """Until when, with what may still move it."""
    if deadline.due is None:
        return _("中止还没有结束，届满日现在说不出来。")
    if deadline.last_day is None:
        raise ValueError("an end has its day")
    local = deadline.due.astimezone(SHANGHAI)
    if (local.hour, local.minute) == (0, 0):
        said = _("%(day)s 24:00 届满。") % {"day": deadline.last_day.isoformat()}
    else:
        said = _("%(moment)s 届满。") % {"moment": _moment(deadline.due)}
    return said + unknown_years_in_words(deadline.unknown_years)


def yellow_in_words(left: Length, share: Fraction | None, *, lights: bool) -> str:
    """From when a limit presses; of a share both the share and what it comes to."""
    values = {"left": unit_in_words(left.n, left.unit), "share": str(share)}
    if share is None:
        return _("还剩 %(left)s时转黄。") % values if lights else _("还剩 %(left)s时提醒。") % values
    if lights:
        return _("还剩全部时限的 %(share)s（%(left)s）时转黄。") % values
    return _("还剩全部时限的 %(share)s（%(left)s）时提醒。") % values


def unknown_years_in_words(years: Sequence[int]) -> str:
    """That a deadline may still move, for it lies in years whose notice nobody entered; empty where all are known."""
    if not years:
        return ""
    said = "、".join(str(year) for year in years)
    return _("%(years)s年的放假安排还没有录入，届满日可能变动。") % {"years": said}


def years_without_notice(years: Sequence[int]) -> str:
    """The same for whoever keeps the calendar: what is missing, and what comes of it."""
    if not years:
        return ""
    said = "、".join(str(year) for year in years)
    return _("%(years)s年的放假通知还没有录入：那一年只按周末计算，落在其中的届满日可能变动。") % {
        "years": said
    }


def day_kind(kind: DayKind) -> str:
    """What a day is."""
    return {
        DayKind.WORKDAY: _("工作日"),
        DayKind.MAKE_UP: _("调休上班"),
        DayKind.WEEKEND: _("周末"),
        DayKind.HOLIDAY: _("放假"),
        DayKind.CLOSURE: _("停办"),
    }[kind]


def _rest(span: Span, days: str, *, rolled: bool) -> str:
    what = {
        DayKind.WEEKEND: _("周末"),
        DayKind.HOLIDAY: _("%(name)s放假") % {"name": holiday(span.name)},
        DayKind.CLOSURE: _("%(name)s停办") % {"name": holiday(span.name)},
    }[span.day_kind or DayKind.WEEKEND]
    if rolled:
        return _("%(days)s：%(what)s，期限顺延。") % {"days": days, "what": what}
    return _("%(days)s：%(what)s，不计入。") % {"days": days, "what": what}


def holiday(name: str) -> str:
    """A holiday's name in the reader's language; a pause's ground and a closure's name as they were written."""
    is_chinese = (get_language() or "").startswith("zh")
    return name if is_chinese else holidays_in_english().get(name, name)


def ground_in_words(ground: str) -> str:
    """A ground of the limits' table in the reader's language; one that somebody wrote, as it was written."""
    known = {
        "hearing": _("听证"),
        "appraisal": _("鉴定"),
        "force_majeure": _("不可抗力"),
        "other_just_cause": _("其他正当理由"),
        "counterclaim": _("提出反申请"),
        "claim_added": _("增加请求"),
        "party_added": _("追加当事人"),
        "claim_made": _("向对方主张权利"),
        "relief_sought": _("向有关部门请求救济"),
        "obligation_acknowledged": _("对方同意履行"),
        "per civil limitation rules": _("诉讼时效规定的事由"),
        "办案规则 第46条所列情形不计入": _("办案规则第46条所列的情形"),
    }
    return known.get(ground, ground)


def _days(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
