"""From one matter to one kind of matter: a numbered letter to a unit, and its reply."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier.queries.papers import papers_of
from fengqiao.kernel import clock
from fengqiao.leading.domain import recommending
from fengqiao.leading.domain.recommending import NewRecommendation
from fengqiao.leading.models import Recommendation, RecommendationSource
from fengqiao.leading.queries import recommendations as query
from fengqiao.matters.domain import sight
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from tests.leading.test_key_matters import MONDAY, open_matter
from tests.matters.ground import EVERYWHERE, act, refuses, rows, told
from tests.small_county import SmallCounty
from tests.supervision.hands import on

pytestmark = pytest.mark.django_db
FOUND = "三个月内同一工业园有两家企业拖欠工资，都没有工资专户。"
ADVICE = "对园区企业逐户核查工资专户，建立欠薪预警。"
APRIL = date(2026, 4, 1)


def send(
    county: SmallCounty, matter: Matter, who: Any = Role.DIRECTOR, day: date = MONDAY, **said: Any
) -> Recommendation:
    given = {
        "department_id": county.department("labour").pk,
        "found": FOUND,
        "advice": ADVICE,
        "reply_by": APRIL,
    }
    with on(day):
        return act(county, who, recommending.send, matter, new=NewRecommendation(**(given | said)))


def test_a_numbered_letter_from_two_matters_and_its_reply(county: SmallCounty):
    with on(MONDAY):
        matter, other = open_matter(county), open_matter(county)
    letter = send(county, matter, others=[other.code, ""])
    assert (letter.year, letter.number) == (2026, 1)
    assert send(county, other).number == 2
    assert [told(each).count("recommendation.send") for each in (matter, other)] == [1, 2]
    with scope(EVERYWHERE):
        assert RecommendationSource.objects.filter(recommendation=letter).count() == 2
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        assert [each.pk for each in query.of_matter(director, other)][-1] == letter.pk
        [paper] = [each for each in papers_of(director, matter) if each.title == "源头治理建议书"]
    assert paper.number == "440785综治建〔2026〕1号"
    # The letter goes out of the house: it names neither the matter nor who brought it.
    text = " ".join(paper.paragraphs)
    assert ADVICE in text
    assert not any(word in text for word in (matter.title, matter.code, "黄某某"))
    reply = {
        "recommendation_id": letter.pk,
        "text": "已采纳，本月完成核查。",
        "replied_on": date(2026, 3, 20),
    }
    with on(MONDAY), refuses("invalid", field="replied_on"):
        act(county, Role.DIRECTOR, recommending.record_reply, **reply)
    # The answer may come after the matter went into the archive, and leaves it as it was.
    with scope(EVERYWHERE):
        Matter.objects.filter(pk=matter.pk).update(state=State.ARCHIVED)
        version = Matter.objects.get(pk=matter.pk).version
    with on(APRIL):
        act(county, Role.DIRECTOR, recommending.record_reply, **reply)
        with refuses("replied_already"):
            act(county, Role.DIRECTOR, recommending.record_reply, **reply)
    assert rows(Recommendation, matter, "reply", "replied_on") == [(reply["text"], date(2026, 3, 20))]
    with scope(EVERYWHERE):
        assert Matter.objects.get(pk=matter.pk).version == version


def test_what_is_not_sent(county: SmallCounty):
    with on(MONDAY):
        matter = open_matter(county)
    for who, said, code, field in (
        (Role.DISPATCHER, {}, "post_may_not", None),
        ((Role.DIRECTOR, "other"), {}, "matter_not_found", None),
        (Role.DIRECTOR, {"department_id": county.department("court").pk}, "independent_body", "department"),
        (Role.DIRECTOR, {"department_id": county.department("other").pk}, "invalid", "department"),
        (Role.DIRECTOR, {"reply_by": MONDAY}, "invalid", "reply_by"),
        (Role.DIRECTOR, {"others": ["440785-20260101-999999"]}, "invalid", "others"),
        (Role.DIRECTOR, {"advice": "把他列为重点人员。"}, "not_to_recommend", "advice"),
    ):
        with refuses(code, field=field):
            send(county, matter, who, **said)
    # Readers are let in by the database's own day: this happens now.
    today = clock.today()
    matter = open_matter(county)
    act(county, Role.DIRECTOR, sight.restrict_later, matter, reason="涉及未成年人")
    with refuses("restricted_stays"):
        send(county, matter, day=today, reply_by=today + timedelta(days=30))
