"""Whether an agreement can be brought to a court for confirmation: what the program knows of it, with the article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from fengqiao.agreements.enums import AgreementState, Way
from fengqiao.agreements.models import Agreement
from fengqiao.confirmation.limits import APPLY, last_days
from fengqiao.confirmation.models import CourtCase
from fengqiao.kernel import clock
from fengqiao.mediation.models import Footing
from fengqiao.mediation.queries.process import body_of, footing_of
from fengqiao.rules.queries.confirmation import Venue, all_venues, holds, venues_open
from fengqiao.rules.queries.mediation_bodies import MediatingBody

# Where the court invited the mediation: an organisation, or a mediator by themselves.
INVITED = ("court_assigned", "court_mediator")
CIVIL_205 = "民事诉讼法(2023) 第205条"
CIVIL_354 = "民诉法解释(2022) 第354条"
PEOPLE_29 = "人民调解法 第29条第2款"
INVITED_24 = "最高法特邀调解规定 第24条第3款"


@dataclass(frozen=True)
class Finding:
    """``fits``, ``bars`` (it cannot be applied for), ``open`` (the program cannot know) or ``late``."""

    id: str
    said: str
    text: Any
    basis: str


@dataclass(frozen=True)
class Findings:
    """What was found, the courts that are open, and the last day as the clock says it."""

    rows: tuple[Finding, ...]
    venues: tuple[Venue, ...]
    until: date | None

    @property
    def bar(self) -> Finding | None:
        """The first finding on which nothing can be prepared."""
        return next((each for each in self.rows if each.said == "bars"), None)

    @property
    def is_late(self) -> bool:
        return any(each.said == "late" for each in self.rows)


def agreed_in(case: CourtCase) -> Agreement:
    """What a case is about, which every case but a suit has."""
    assert case.agreement is not None  # noqa: S101  the table holds it to that
    return case.agreement


def findings_of(agreement: Agreement, day: date | None = None) -> Findings:
    """What is known of an agreement on a day (today)."""
    day = day or clock.today()
    footing = footing_of(agreement.mediation)
    body = body_of(footing)
    until = last_days(agreement.matter_id).get(APPLY)
    rows = (
        _of_effect(agreement.state, body),
        _of_the_way(agreement.way),
        _of_the_body(footing, body),
        of_the_days(until, day),
    )
    return Findings(tuple(each for each in rows if each), open_venues(body, day), until)


def open_venues(body: MediatingBody | None, day: date) -> tuple[Venue, ...]:
    """The grounds on which courts are open; all of them where nobody wrote down who mediated."""
    if body is None:
        return tuple(each for each in all_venues().values() if holds(each.said, day))
    return tuple(venues_open(invited=body.id in INVITED, day=day))


def of_the_days(until: date | None, day: date) -> Finding | None:
    """The thirty days. A late application is the court's to take or not: it is warned of, and filed all the same."""
    if until is None:
        return None
    if day > until:
        text = _("三十日到 %(day)s 已满：法院可以不受理，是否提交由当事人决定，是否受理由法院决定。")
        return Finding("days", "late", text % {"day": until}, CIVIL_205)
    return Finding("days", "fits", _("双方可以共同申请到 %(day)s（含当日）。") % {"day": until}, CIVIL_205)


def _of_effect(state: str, body: MediatingBody | None) -> Finding:
    basis = INVITED_24 if body and body.by_parties else PEOPLE_29
    if state != AgreementState.EFFECTIVE:
        return Finding("effect", "bars", _("协议还没有生效。"), basis)
    return Finding("effect", "fits", _("协议已经生效。"), basis)


def _of_the_way(way: str) -> Finding:
    if way == Way.ORAL:
        text = _("口头协议：申请要提交调解协议，请先由双方写成书面协议。")
        return Finding("way", "bars", text, CIVIL_354)
    return Finding("way", "fits", _("有书面协议可以提交。"), CIVIL_354)


def _of_the_body(footing: Footing | None, body: MediatingBody | None) -> Finding:
    if footing is None or body is None:
        text = _("没有写明由哪个组织主持调解：请核对是不是依法设立的调解组织。")
        return Finding("body", "open", text, CIVIL_205)
    if not body.confirms:
        barred = _("由%(name)s主持达成，不能申请司法确认。") % {"name": footing.name}
        return Finding("body", "bars", barred, body.basis)
    return Finding("body", "fits", _("由%(name)s主持达成。") % {"name": footing.name}, body.basis)
