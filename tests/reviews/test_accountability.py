"""The accountability list: facts of the ledger, the right of reply, and what was shown wrong."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.clocks.models import Clock
from fengqiao.dispatch.domain import handling
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.notices.models import Notice
from fengqiao.places.models import Stationing
from fengqiao.reviews.domain import listing
from fengqiao.reviews.enums import Standing
from fengqiao.reviews.models import ListedFact
from fengqiao.reviews.queries import listed as query
from fengqiao.reviews.queries.listed import ListFilter
from fengqiao.reviews.queries.seen import Seen, SeenFilter, said, seen
from fengqiao.rules.queries.accountability import all_rules, rules_of
from fengqiao.rules.queries.categories import DATA
from tests.clocks.test_due import handed, petition
from tests.dispatch.hands import LABOUR, NOT_OURS, check_in, dispatched, part_of
from tests.matters.ground import act, refuses, sees, told, words
from tests.small_county import SmallCounty, brought_to
from tests.supervision.hands import COMMISSION, on
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db
# A Monday; no holiday is near.
GIVEN = date(2026, 3, 2)
REMARK = "交办后多日没有报到。"
DAY = timedelta(days=1)


def facts(county: SmallCounty, day: date, who: Any = Role.DIRECTOR, **wanted: Any) -> list[Seen]:
    role, place = who if isinstance(who, tuple) else (who, "county")
    with on(day), scope(actor := county.actor(role, place)):
        return seen(actor, SeenFilter(**wanted), most=50)


def unanswered(county: SmallCounty) -> tuple[Matter, Any]:
    """Given to the labour bureau, which never checked in."""
    with on(GIVEN):
        matter = dispatched(county, changes={"happened_on": date(2026, 2, 1)})
    return matter, part_of(matter)


def entered(county: SmallCounty, matter: Matter, source: Any, day: date, **said_: Any) -> ListedFact:
    who = said_.pop("who", Role.DIRECTOR)
    given = {"rule": "dispatch.check_in", "source_id": source, "remark": REMARK} | said_
    with on(day):
        return act(county, who, listing.enter, matter, **given)


def test_a_fact_is_looked_up_told_answered_and_withdrawn(county: SmallCounty):
    matter, part = unanswered(county)
    assert facts(county, GIVEN + 3 * DAY) == []
    late = GIVEN + 4 * DAY
    [fact] = facts(county, late)
    assert (fact.rule.id, fact.kind, fact.body, fact.days) == (
        "dispatch.check_in",
        "not_accepted",
        "市人社",
        1,
    )
    assert (
        said(fact.kind, fact.kept()) == "应受理、应报到而未按期：2026-03-05 届满，还没有办，超过 1 个工作日"
    )
    # Its own alone.
    assert [each.source_id for each in facts(county, late, LABOUR)] == [part.pk]
    assert facts(county, late, (Role.HANDLER, "housing")) == []
    assert facts(county, late, Role.REGISTRAR) == []

    # Only what the ledger shows, by who may, with a reason, and once.
    for code, more in (
        ("no_fact", {"source_id": uuid4()}),
        ("no_fact", {"rule": "return.refused"}),
        ("post_may_not", {"who": Role.REGISTRAR}),
        ("post_may_not", {"who": LABOUR}),
    ):
        with refuses(code):
            entered(county, matter, more.pop("source_id", part.pk), late, **more)
    with refuses("invalid", field="remark"):
        entered(county, matter, part.pk, late, remark="晚")
    assert not sees(county, COMMISSION, matter)
    listed = entered(county, matter, part.pk, late)
    assert (listed.reply_by, listed.commission) == (date(2026, 3, 13), county.department("commission"))
    assert (told(matter)[-1], words(matter)) == ("review.list", {"grounds": REMARK})
    assert sees(county, COMMISSION, matter)
    with scope(county.actor(*LABOUR)):
        assert Notice.objects.filter(kind="fact_listed", matter_id=matter.pk).count() == 1
    with refuses("listed_already"):
        entered(county, matter, part.pk, late)

    # The department's own words stand beside it; nobody else replies, and once.
    for who in (Role.DIRECTOR, COMMISSION):
        with refuses("post_may_not"), on(late):
            act(county, who, listing.reply, listed_id=listed.pk, text="替单位说明")
    with on(late + 20 * DAY):
        act(county, LABOUR, listing.reply, listed_id=listed.pk, text="交办单当日没有收到，四日后补送。")
        with refuses("replied_already"):
            act(county, LABOUR, listing.reply, listed_id=listed.pk, text="再说一次理由")
        assert (told(matter)[-1], words(matter)) == (
            "review.reply",
            {"reply": "交办单当日没有收到，四日后补送。"},
        )
        # Shown wrong: by who entered it or by the commission, never by the body itself.
        for who in (LABOUR, Role.EXECUTIVE_DEPUTY):
            with refuses("post_may_not"):
                act(county, who, listing.withdraw, listed_id=listed.pk, reason="经核对有误")
        act(county, COMMISSION, listing.withdraw, listed_id=listed.pk, reason="交办单确未送达，事实有误。")
    assert not sees(county, COMMISSION, matter)
    with refuses("withdrawn"), on(late + 21 * DAY):
        act(county, Role.DIRECTOR, listing.withdraw, listed_id=listed.pk, reason="经核对有误")
    with on(late + 21 * DAY), scope(director := county.actor(Role.DIRECTOR)):
        [shown] = query.shown(director, query.entries(director, ListFilter(standing=Standing.WITHDRAWN)))
        assert shown.listed.withdrawal == "交办单确未送达，事实有误。"
        assert shown.actions == ()
        # What was withdrawn is shown by the ledger again, and may be entered anew.
        assert [each.source_id for each in query.not_entered(director, SeenFilter(), most=9)] == [part.pk]


def test_limits_and_rulings_are_facts_and_what_is_put_right_says_so(county: SmallCounty):
    own, theirs = petition(county), handed(county)
    late = date(2026, 9, 30)
    found = {each.rule.id: each for each in facts(county, late)}
    assert {"clock.other", "clock.accept"} >= {each for each in found if each.startswith("clock")}
    broken = next(each for each in facts(county, late, matter=theirs.pk) if each.source == "clock")
    listed = entered(county, theirs, broken.source_id, late, rule=broken.rule.id, who=Role.EXECUTIVE_DEPUTY)
    with on(late), scope(actor := county.actor(*LABOUR)):
        [shown] = query.shown(actor, query.entries(actor, ListFilter()))
        assert (shown.is_shown_still, shown.standing) == (True, Standing.TO_REPLY)
        # A back-dated fact stopped it in time: the entry says that the ledger shows it no more.
        Clock.objects.filter(pk=broken.source_id).update(state="void")
        [shown] = query.shown(actor, query.entries(actor, ListFilter()))
        assert (shown.listed.pk, shown.is_shown_still) == (listed.pk, False)
    assert own.pk in {each.matter.pk for each in facts(county, late)}


def test_a_return_without_ground_and_a_visit_that_nobody_made(county: SmallCounty):
    with on(GIVEN):
        matter = dispatched(county, changes={"happened_on": date(2026, 2, 1)})
        part = part_of(matter)
        check_in(county, LABOUR, part)
        act(county, LABOUR, handling.ask_return, assignment_id=part.pk, **NOT_OURS)
        request = act(
            county,
            Role.DIRECTOR,
            handling.arbitrate,
            assignment_id=part.pk,
            uphold=False,
            grounds="依法属劳动关系",
        )
        settled = brought_to(county, State.SETTLED, happened_on=date(2026, 2, 1))
    [fact] = facts(county, GIVEN, kind="returned_without_ground")
    assert (fact.source_id, fact.department) == (request.pk, county.department("labour"))
    assert facts(county, GIVEN + 20 * DAY, kind="visit_skipped") == []
    [skipped] = facts(county, GIVEN + 22 * DAY, kind="visit_skipped")
    assert (skipped.matter, skipped.body) == (settled, "恩平市综治中心")
    # The centre is heard as a department is, and those who direct it reply.
    listed = entered(county, settled, settled.pk, GIVEN + 22 * DAY, rule="visit.not_made")
    with refuses("post_may_not"), on(GIVEN + 23 * DAY):
        act(county, LABOUR, listing.reply, listed_id=listed.pk, text="不是我们的事项")
    with on(GIVEN + 23 * DAY):
        act(county, Role.EXECUTIVE_DEPUTY, listing.reply, listed_id=listed.pk, text="回访人员调整，已安排。")


def test_nothing_is_entered_of_which_nobody_was_told(county: SmallCounty):
    matter, part = unanswered(county)
    Stationing.objects.filter(post__department=county.department("labour")).update(valid_until=GIVEN)
    with refuses("nobody_to_tell"):
        entered(county, matter, part.pk, GIVEN + 7 * DAY)


def test_courts_are_on_no_list(county: SmallCounty):
    with on(GIVEN):
        dispatched(county, lead=county.department("police").pk, changes={"happened_on": date(2026, 2, 1)})
    assert len(facts(county, GIVEN + 9 * DAY)) == 1
    police = county.department("police")
    police.kind = "court"
    police.save()
    assert facts(county, GIVEN + 9 * DAY) == []


def test_the_pages_show_what_the_program_and_the_api_say(county: SmallCounty, django_assert_num_queries: Any):
    matter, part = unanswered(county)
    late = GIVEN + 4 * DAY
    desk = at_the_desk(county, Role.DIRECTOR)
    with on(late):
        page = desk.get(reverse("accountability"), {"view": "ledger"}).content.decode()
        assert "2026-03-05 届满" in page
        way = reverse("accountability_enter", args=[matter.code, "dispatch.check_in", part.pk])
        assert way in page
        assert desk.post(way, {"remark": REMARK}).status_code == 302
        [item] = desk.get("/api/v1/accountability").json()["items"]
        assert (item["matter"], item["standing"], item["is_shown_still"]) == (matter.code, "to_reply", True)
        there = at_the_desk(county, *LABOUR)
        there.post(
            reverse("accountability_act", args=[item["id"], "reply"]), {"text": "已在核实，明日报到。"}
        )
        sheet = desk.get(reverse("accountability_sheet"))
        assert sheet.headers["Content-Type"].endswith("spreadsheetml.sheet")
        for address in (reverse("accountability"), reverse("accountability_entry", args=[item["id"]])):
            assert "已在核实，明日报到。" in desk.get(address).content.decode()
        # No name of anybody on the list.
        assert county.person(Role.DIRECTOR).name not in desk.get("/api/v1/accountability").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": ""},
        {"basis": " "},
        {"source": "rumour"},
        {"stops_on": "visited", "source": "return"},
        {"reply_n": "0"},
    ],
)
def test_a_row_that_cannot_be_used_is_named(wrong: dict[str, str]):
    row = dict.fromkeys(("valid_until", "verified", "note"), "") | {
        "id": "x",
        "kind": "clock_broken",
        "source": "clock",
        "stops_on": "*",
        "n": "1",
        "reply_n": "5",
        "basis": "依据",
        "version": "1",
        "valid_from": "2022-05-01",
    }
    with pytest.raises(ValueError, match="x"):
        rules_of([row | wrong])
    assert {each.source for each in all_rules().values()} == {"clock", "assignment", "return", "visit"}


def test_a_basis_is_one_that_can_be_read_or_says_that_it_is_a_proposal():
    """In every table of rules nothing waits to be looked up, and what rests on no provision says so."""
    assert [path.name for path in DATA.rglob("*.*") if "to_check" in path.read_text(encoding="utf-8")] == []
    for rule in all_rules().values():
        assert rule.verified in ("law_text", "proposal"), rule.id
        assert (rule.verified == "proposal") == ("建议" in rule.basis), rule.id
