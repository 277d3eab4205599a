"""Case reviews of the commission, a court's own reviewers, and what turned criminal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import whistling
from fengqiao.kernel import clock
from fengqiao.matters.domain import alarming
from fengqiao.matters.domain.sight import restrict_later
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.notices.models import Notice
from fengqiao.reviews.domain import criminal, reviewing
from fengqiao.reviews.enums import ReviewKind, ReviewState
from fengqiao.reviews.models import Review
from tests.dispatch.hands import LABOUR, working
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows, sees, told, words
from tests.small_county import SmallCounty, brought_to
from tests.supervision.hands import COMMISSION
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db
COURT = (Role.HANDLER, "court")
GROUND = "当事人向政法委反映办理拖延。"
FINDINGS = "受理及时；交办后二十日没有进展记录，回访没有留痕。"


def open_case(county: SmallCounty, matter: Matter, who: Any = COMMISSION, **said: Any) -> Review:
    return act(county, who, reviewing.open_case, **({"code": matter.code, "ground": GROUND} | said))


def now(review: Review) -> Review:
    with scope(EVERYWHERE):
        return Review.objects.get(pk=review.pk)


def test_the_commission_opens_finds_concludes_and_the_centre_mends(county: SmallCounty):
    matter = brought_to(county, State.CLOSED)
    assert not sees(county, COMMISSION, matter)
    for who in (Role.DIRECTOR, LABOUR, Role.SUPERVISOR):
        with refuses("post_may_not"):
            open_case(county, matter, who)
    with refuses("invalid", field="ground"):
        open_case(county, matter, ground="查")
    review = open_case(county, matter)
    assert (told(matter)[-1], words(matter)) == ("case.open", {"grounds": GROUND})
    assert sees(county, COMMISSION, matter)
    with scope(director := county.actor(Role.DIRECTOR)):
        assert Notice.objects.filter(kind="review_opened", person_id=director.person_id).count() == 1
    with refuses("reviewed_already"):
        open_case(county, matter)

    conclusion = {"conclusion": "办理合法，程序有缺漏。"}
    with refuses("not_in_this_state"):
        act(county, COMMISSION, reviewing.conclude, review_id=review.pk, **conclusion)
    with refuses("post_may_not"):
        act(county, Role.DIRECTOR, reviewing.find, review_id=review.pk, text=FINDINGS)
    act(county, COMMISSION, reviewing.find, review_id=review.pk, text=FINDINGS)
    mending = conclusion | {"to_mend": "补录进展和回访"}
    with refuses("invalid", field="mend_by"):
        act(county, COMMISSION, reviewing.conclude, review_id=review.pk, **mending)
    day = clock.today() + timedelta(days=10)
    act(county, COMMISSION, reviewing.conclude, review_id=review.pk, **mending, mend_by=day)
    assert (now(review).state, now(review).mend_by) == (ReviewState.TO_MEND, day)
    with refuses("post_may_not"):
        act(county, COMMISSION, reviewing.answer, review_id=review.pk, text="已经补录。")
    act(county, Role.DIRECTOR, reviewing.answer, review_id=review.pk, text="已经补录，并核对了同期事项。")
    assert now(review).state == ReviewState.OVER
    assert not sees(county, COMMISSION, matter)
    # Without anything to mend the conclusion ends it; another review may be opened.
    again = open_case(county, matter)
    act(county, COMMISSION, reviewing.find, review_id=again.pk, text=FINDINGS)
    act(county, COMMISSION, reviewing.conclude, review_id=again.pk, **conclusion)
    assert (now(again).state, sees(county, COMMISSION, matter)) == (ReviewState.OVER, False)


def test_where_a_court_is_concerned_its_own_reviewers_write(county: SmallCounty):
    matter, _part = working(county)
    court = county.department("court")
    act(county, Role.DISPATCHER, whistling.inform, matter, department_id=court.pk, text="当事人另有诉讼")
    with refuses("reviewer_needed", field="reviewer"):
        open_case(county, matter)
    with refuses("reviewer_needed", field="reviewer"):
        open_case(county, matter, reviewer_id=county.department("labour").pk)
    assert not sees(county, COURT, matter)
    review = open_case(county, matter, reviewer_id=court.pk)
    assert sees(county, COURT, matter)
    with refuses("judicial_reviews_itself"):
        act(county, COMMISSION, reviewing.find, review_id=review.pk, text=FINDINGS)
    with refuses("post_may_not"):
        act(county, LABOUR, reviewing.find, review_id=review.pk, text=FINDINGS)
    act(county, COURT, reviewing.find, review_id=review.pk, text=FINDINGS)
    act(county, COMMISSION, reviewing.conclude, review_id=review.pk, conclusion="已阅，同意法院的评查意见。")
    assert (sees(county, COURT, matter), sees(county, COMMISSION, matter)) == (False, False)


def test_a_restricted_matter_stays_restricted(county: SmallCounty):
    matter = brought_to(county, State.ACCEPTED)
    act(county, Role.DIRECTOR, restrict_later, matter, reason="涉及未成年人")
    with refuses("matter_not_found", field="code"):
        open_case(county, matter)
    with refuses("matter_not_found", field="code"):
        act(county, COMMISSION, reviewing.open_case, code="440785-20200101-999999", ground=GROUND)
    with refuses("matter_not_found", field="code"):
        open_case(county, matter, (Role.COMMISSION, "other"))


def test_what_turned_criminal_is_reviewed_by_itself(county: SmallCounty):
    matter, _part = working(county)
    act(county, Role.LEGAL_OFFICER, alarming.turned_criminal, matter, summary="双方斗殴，公安机关已立案。")
    [(kind, state, known)] = rows(Review, matter, "kind", "state", "known_until")
    assert (kind, state) == (ReviewKind.CRIMINAL, ReviewState.OPENED)
    assert known == len(told(matter))
    with scope(EVERYWHERE):
        review = Review.objects.get(matter_id=matter.pk)
    # Recorded once more while it is open: still one review.
    act(county, Role.DIRECTOR, alarming.turned_criminal, matter, summary="检察机关已批准逮捕。")
    assert len(rows(Review, matter, "pk")) == 1
    written = {
        "done": "登记时知道双方有肢体冲突，当日通报公安并调解一次。",
        "conclusion": "风险研判后没有安排再次走访，今后三日内回访。",
    }
    with refuses("post_may_not"):
        act(county, Role.DISPATCHER, criminal.write_up, review_id=review.pk, **written)
    with refuses("invalid", field="done"):
        act(county, Role.DIRECTOR, criminal.write_up, review_id=review.pk, **(written | {"done": "无"}))
    act(county, Role.DIRECTOR, criminal.write_up, review_id=review.pk, **written)
    found = now(review)
    assert (found.state, found.findings, found.conclusion) == (
        ReviewState.OVER,
        written["done"],
        written["conclusion"],
    )
    assert fresh(county, matter).criminal_reviewed_at is not None
    with refuses("not_in_this_state"):
        act(county, Role.DIRECTOR, criminal.write_up, review_id=review.pk, **written)


def test_a_record_from_before_the_room_gets_its_review_with_the_leaders_words(county: SmallCounty):
    matter, _part = working(county)
    act(county, Role.LEGAL_OFFICER, alarming.turned_criminal, matter, summary="双方斗殴，公安机关已立案。")
    with scope(EVERYWHERE):
        Review.objects.filter(matter_id=matter.pk).update(state=ReviewState.OVER)
    known = len(told(matter))
    act(
        county, Role.DIRECTOR, alarming.review_criminal, matter, review="研判之后没有再走访，今后三日内回访。"
    )
    [_old, (state, until, conclusion)] = rows(Review, matter, "state", "known_until", "conclusion")
    assert (state, until, conclusion) == (ReviewState.OVER, known, "研判之后没有再走访，今后三日内回访。")


def test_pages_open_show_what_was_known_and_end_a_review(county: SmallCounty):
    matter, _part = working(county)
    desk = at_the_desk(county, Role.COMMISSION)
    made = desk.post(reverse("review_open"), {"code": matter.code, "ground": GROUND})
    assert made.status_code == 302
    page = desk.get(made.headers["Location"]).content.decode()
    assert GROUND in page
    assert "交办" in page
    act_ = reverse("review_act", args=[made.headers["Location"].rstrip("/").split("/")[-1], "find"])
    assert desk.post(act_, {"text": FINDINGS}).status_code == 302
    assert FINDINGS in at_the_desk(county, Role.DIRECTOR).get(made.headers["Location"]).content.decode()
    told_ = at_the_desk(county, Role.DIRECTOR).get("/api/v1/reviews", {"state": "found"}).json()["items"]
    assert [(each["matter"], each["findings"], each["reviewer"]) for each in told_] == [
        (matter.code, FINDINGS, None)
    ]
    assert (
        matter.code
        in at_the_desk(county, Role.DIRECTOR).get(reverse("reviews"), {"kind": "case"}).content.decode()
    )
