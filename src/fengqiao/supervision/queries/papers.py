"""The papers of the ladder: each rung that was ordered is a paper of the commission, numbered by county and year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import override

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import CENTRE_ROLES, Role
from fengqiao.dossier.enums import PaperKind
from fengqiao.dossier.paper import BLANK, Paper, chinese_date
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.county_limits import named
from fengqiao.supervision.enums import Decision, Ground, HandedTo, Rung
from fengqiao.supervision.models import Measure
from fengqiao.supervision.policies import supervisions_visible_to
from fengqiao.supervision.queries.terms import terms_of

TITLES = {
    Rung.LETTER: "督办函",
    Rung.SECOND_LETTER: "二次督办函",
    Rung.INTERVIEW: "约谈通知书",
    Rung.CIRCULAR: "通报",
    Rung.LISTED: "挂牌督办通知书",
    Rung.HAND_OVER: "移送函",
}
ASKS = {
    Rung.LETTER: "请抓紧办理，并按期反馈办理情况。",
    Rung.SECOND_LETTER: "前函要求尚未落实。请立即办理，并按期反馈。",
    Rung.INTERVIEW: "请单位负责人按约定时间到政法委接受约谈，说明情况，并按期反馈整改。",
    Rung.CIRCULAR: "现对上述情况予以通报。请对照整改，并按期反馈。",
    Rung.LISTED: "现对该事项挂牌督办。请制定整改措施、明确时限，并按期反馈，验收后解除。",
    Rung.HAND_OVER: "现将有关材料移送贵机关，请依职权处理，并函告结果。本函不对责任作认定。",
}
PRINTS = CENTRE_ROLES | {Role.HANDLER, Role.COMMISSION}


# A paper is Chinese, in whatever language the screen of who prints it is.
@override("zh-hans")
def letters_of(actor: Actor, matter: Matter) -> list[Paper]:
    """The papers of what was ordered on the matter, in order; a department prints those to itself."""
    if actor.role not in PRINTS:
        return []
    ordered = Measure.objects.filter(
        matter_id=matter.pk,
        decision=Decision.ORDERED,
        supervision__in=supervisions_visible_to(actor).order_by().values("pk"),
    )
    found = ordered.select_related("supervision__department", "supervision__commission")
    return [_letter(matter, each) for each in found.order_by("decided_at", "id")]


def _letter(matter: Matter, measure: Measure) -> Paper:
    supervision, rung = measure.supervision, Rung(measure.rung)
    to_other = rung == Rung.HAND_OVER and bool(measure.handed_to)
    department = supervision.department.name
    addressee = str(HandedTo(measure.handed_to).label) if to_other else department
    said = tuple(_facts(measure.facts))
    report = chinese_date(measure.report_by) if measure.report_by else "—"
    return Paper(
        kind=PaperKind.LETTER,
        reference=measure.id,
        title=TITLES[rung],
        number=f"{matter.county}政法督〔{measure.year}〕{measure.number}号",
        addressee=addressee,
        paragraphs=(
            f"“{matter.title}”（编号 {matter.code}）交由{department}办理。经{matter.holder.name}提请，查明：",
            *said,
            ASKS[rung],
        ),
        rows=(
            ("被督办单位", department),
            ("提请理由", measure.grounds),
            ("单位申辩", measure.answer or "期内没有申辩"),
            ("决定理由", measure.reasons or BLANK),
            ("依据", terms_of(measure).printed or BLANK),
            ("反馈期限", report),
        ),
        signed_by=supervision.commission.name,
        dated=_day(measure.decided_at),
    )


def _facts(kept: list[Mapping[str, Any]]) -> Iterator[str]:
    for place, fact in enumerate(kept, start=1):
        limit = named(str(fact.get("limit", "")), int(fact.get("limit_version", 0)))
        what = f"{limit.procedure}“{limit.step}”" if limit else str(Ground(fact["ground"]).label)
        due = datetime.fromisoformat(fact["due_at"]) - timedelta(microseconds=1)
        days = f"至提请之日已超过{fact['days']}个工作日"
        basis = f"（{limit.legal_basis}）" if limit else ""
        yield f"{place}．{what}，{_day(due)}届满，{days}{basis}。"


def _day(moment: datetime | None) -> str:
    day: date | None = moment.astimezone(clock.SHANGHAI) if moment else None
    return chinese_date(day)
