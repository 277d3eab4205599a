"""What comes again and again is written to the unit that can prevent it; it answers within some days."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.enums import Part
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.leading.domain import recommending
from fengqiao.leading.models import Recommendation
from fengqiao.matters.enums import Restriction, State
from fengqiao.matters.models import Matter
from fengqiao.places.enums import EXEMPT_FROM_SUPERVISION
from fengqiao.rules.queries.categories import label
from fengqiao.simulate.cast import Cast
from fengqiao.simulate.turns import Turn

# So many days before the play's end, so that one unit has answered by then.
BEFORE_THE_END = timedelta(days=12)
LETTERS, ENOUGH, NAMED = 2, 3, 6
REPLY_WITHIN = timedelta(days=30)
ADVICE = (
    "建议把示范文本随办事材料发放，写明数额、期限和怎样验收；咨询电话在办事大厅和村居公告栏公布。",
    "建议在镇街巡回办公时增加一次集中答疑，并把常见问题的处理口径印成单页，放在各综治中心窗口。",
)
REPLY = "示范文本已印制，从本月起随办事材料发放；咨询电话已在大厅和各村居公告栏公布，并指定专人接听。"


def recommend(cast: Cast) -> None:
    """Once: the director writes to the units whose kind of trouble came most often."""
    director = cast.director(cast.county_centre.id)
    if director is None:
        return
    with scope(director):
        if Recommendation.objects.exists():
            return
        found = _often(director)
    for advice, (category, department, codes) in zip(ADVICE, found, strict=False):
        new = recommending.NewRecommendation(
            department_id=department,
            found=f"近期登记的“{label(category)}”有 {len(codes)} 件，多因事先没有写清楚、事后找不到人问。",
            advice=advice,
            reply_by=clock.today() + REPLY_WITHIN,
            others=codes[1:NAMED],
        )
        with scope(director):
            matter = Matter.objects.get(code=codes[0])
        _does(director, "recommendation.send", recommending.send, matter_id=matter.pk, new=new)


def take_reply(cast: Cast) -> None:
    """The first letter that was sent on an earlier day is answered."""
    director = cast.director(cast.county_centre.id)
    if director is None:
        return
    with scope(director):
        letter = Recommendation.objects.order_by("year", "number").first()
    if letter is None or letter.replied_on is not None or letter.sent_at > clock.now() - timedelta(days=1):
        return
    asked = {"recommendation_id": letter.pk, "text": REPLY, "replied_on": clock.today()}
    _does(director, "recommendation.reply", recommending.record_reply, **asked)


def _often(director: Actor) -> list[tuple[str, UUID, list[str]]]:
    """The categories that came most often with the department that leads them and their matters' codes."""
    parts = Assignment.objects.filter(
        part=Part.LEAD,
        matter__holder_id=director.centre_id,
        matter__restriction=Restriction.OPEN,
    ).exclude(matter__state=State.ARCHIVED)
    codes: dict[tuple[str, UUID], set[str]] = defaultdict(set)
    for category, code, department, kind in parts.values_list(
        "matter__category", "matter__code", "department_id", "department__kind"
    ):
        if category and kind not in EXEMPT_FROM_SUPERVISION:
            codes[category, department].add(code)
    often = Counter({key: len(each) for key, each in codes.items() if len(each) >= ENOUGH})
    chosen = sorted(often, key=lambda key: (-often[key], key[0], str(key[1])))[:LETTERS]
    return [(category, department, sorted(codes[category, department])) for category, department in chosen]


def _does(actor: Actor, verb: str, act: object, **values: object) -> None:
    Turn(actor, verb, lambda who: act(actor=who, **values)).take()  # type: ignore[operator]
