"""The ledger: each filter, all of them together, an order that cannot change under the reader, cursors nobody bends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import handling
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, alarming, lifting, settling
from fengqiao.matters.domain.settling import VisitReport
from fengqiao.matters.enums import (
    Channel,
    Danger,
    OutsideSystem,
    PartyKind,
    Satisfaction,
    State,
    VisitMethod,
)
from fengqiao.matters.intake import NewOutsideNumber, NewParty
from fengqiao.matters.models import Matter
from fengqiao.matters.queries import ledger
from fengqiao.matters.queries.ledger import FLAGS, LedgerFilter, count, page
from fengqiao.matters.queries.text import lexemes
from fengqiao.matters.queries.work import counts, states_waiting_for, waiting_for
from tests import small_county
from tests.matters.ground import act
from tests.small_county import AN_EVENING, SmallCounty, brought_to, registered


def found(county: SmallCounty, who: tuple[Role, str] | Role = Role.DIRECTOR, **filters) -> list[str]:
    role, place = who if isinstance(who, tuple) else (who, "county")
    actor = county.actor(role, place)
    with scope(actor):
        return [m.code for m in page(actor, LedgerFilter(**filters)).rows]


def test_newest_first_and_all_of_them(county: SmallCounty):
    codes = [registered(county).code for _ in range(3)]
    assert found(county) == codes[::-1]


FILTERS = [
    ({"step": "register"}, {"first", "second", "third", "no place"}),
    ({"state": "accepted"}, {"second"}),
    ({"step": "track"}, {"handling"}),
    ({"track": "departmental"}, {"handling"}),
    ({"category": "01"}, {"first"}),
    ({"category": "0101"}, {"first"}),
    ({"category": "02"}, set()),
    ({"category": "99"}, {"third"}),
    ({"channel": "hotline_12345"}, {"second"}),
    ({"division": "440785000000"}, {"first", "second", "third", "handling"}),
    ({"division": "440785102000"}, {"second", "handling"}),
    ({"division": "440785001001"}, {"first", "third"}),
    ({"division": "440783000000"}, set()),
    ({"risk": "medium"}, {"handling"}),
    ({"danger": "self_harm"}, {"third"}),
    ({"outcome": "settled"}, set()),
    ({"flag": "open"}, {"first", "second", "third", "handling", "no place"}),
    ({"flag": "closed"}, set()),
    ({"flag": "in_danger"}, {"third"}),
    ({"flag": "anonymous"}, {"no place"}),
    ({"flag": "incomplete"}, {"no place"}),
    ({"flag": "nonsense"}, {"first", "second", "third", "handling", "no place"}),
    ({"q": "感情"}, {"first"}),
    ({"q": "  感情纠纷  "}, {"first"}),
    ({"q": "感情 陶瓷"}, set()),
    ({"q": "陶瓷厂拖欠"}, {"second", "third", "handling"}),
    ({"q": "HT2026-1"}, {"second"}),
    ({"q": "黄某某", "state": "accepted"}, {"second"}),
    ({"state": "accepted", "channel": "visit"}, set()),
]


@pytest.fixture
def some(county: SmallCounty) -> dict[str, Matter]:
    numbers = (NewOutsideNumber(OutsideSystem.HOTLINE, "HT2026-1"),)
    matters = {
        "first": registered(county, title="夫妻感情纠纷", category="0101", division="440785001001", grid=""),
        "second": brought_to(county, State.ACCEPTED, channel=Channel.HOTLINE, outside_numbers=numbers),
        "third": registered(
            county, category="9999", division="440785001001", grid="", danger=Danger.SELF_HARM
        ),
        "handling": brought_to(county, State.HANDLING),
        "no place": registered(
            county,
            title="没有留下姓名的人来过",
            account="",
            division="",
            grid="",
            parties=(NewParty(kind=PartyKind.ANONYMOUS),),
        ),
    }
    registered(county, "other", division="", grid="")
    return matters


@pytest.mark.parametrize(("filters", "names"), FILTERS, ids=[str(f) for f, _ in FILTERS])
def test_each_filter(county: SmallCounty, some, filters, names):
    codes = {name: matter.code for name, matter in some.items()}
    assert {n for n, code in codes.items() if code in found(county, **filters)} == names
    assert len(found(county, **filters)) == len(names)


def test_by_department_while_it_has_it(county: SmallCounty, some):
    labour, housing = county.department("labour"), county.department("housing")
    handling_now = some["handling"]
    assert found(county, department=str(labour.id)) == [handling_now.code]
    [assignment] = small_county.assignments(county, handling_now)
    act(
        county,
        (Role.HANDLER, "labour"),
        handling.ask_return,
        assignment_id=assignment.id,
        reason="工程款纠纷，不属劳动",
        basis="职责分工文件",
    )
    act(
        county,
        Role.DISPATCHER,
        handling.arbitrate,
        assignment_id=assignment.id,
        uphold=True,
        grounds="属住建职责",
        give_to=housing.id,
    )
    assert found(county, department=str(labour.id)) == []
    assert found(county, department=str(housing.id)) == [handling_now.code]


def test_by_the_centre_that_registered_it(county: SmallCounty):
    town, own = registered(county, "town"), registered(county)
    assert found(county, centre=str(county.centres["town"].id)) == [town.code]
    assert found(county, centre=str(county.centres["county"].id)) == [own.code]


def test_by_code_and_its_end(county: SmallCounty, some):
    code = some["first"].code
    assert found(county, q=code) == [code]
    assert found(county, q=code[:-1] + "x") == []
    assert found(county, (Role.DIRECTOR, "other"), q=code) == []


def test_days_are_those_of_shanghai_and_both_ends_count(county: SmallCounty):
    with clock.at(AN_EVENING.replace(hour=15, minute=59)):  # 23:59 on the 20th
        last = registered(county)
    with clock.at(AN_EVENING.replace(hour=16, minute=0)):  # 0:00 on the 21st
        first = registered(county)
    day = date(2026, 11, 20)
    assert found(county, registered_from=day, registered_until=day) == [last.code]
    assert found(county, registered_from=day + timedelta(days=1))[-1] == first.code
    assert found(county, registered_until=day) == [last.code]
    assert found(county, registered_until=day - timedelta(days=1)) == []


def test_flags_of_what_has_happened(county: SmallCounty):
    running = brought_to(county, State.ACCEPTED)
    act(
        county,
        Role.INDUSTRY_OFFICER,
        accepting.settle_on_spot,
        running,
        result="十日内付清。",
        performance_due=clock.today(),
    )
    raised = registered(county, "town")
    act(county, (Role.DIRECTOR, "town"), lifting.raise_up, raised, reason="涉及两个镇")
    reopened = brought_to(county, State.CLOSED)
    act(county, Role.DIRECTOR, settling.reopen, reopened, reason="又停发工资")
    criminal = registered(county)
    act(county, Role.DIRECTOR, alarming.turned_criminal, criminal, summary="已经立案侦查")
    closed = brought_to(county, State.CLOSED)
    restricted = registered(county, confidential=True)
    assert {name: found(county, flag=name) for name in FLAGS} == {
        "open": [m.code for m in (restricted, criminal, reopened, raised, running)],
        "closed": [closed.code],
        "reopened": [reopened.code],
        "raised": [raised.code],
        "in_danger": [],
        "turned_criminal": [criminal.code],
        "anonymous": [],
        "history": [],
        "restricted": [restricted.code],
        "performing": [running.code],
        "own_level_all": [closed.code],
        "own_level": [closed.code],
        "incomplete": [],
    }


# --- paging --------------------------------------------------------------------------------------------------
def pages(
    county: SmallCounty, size: int, wanted: LedgerFilter, role: Role = Role.DIRECTOR
) -> list[list[str]]:
    actor, cursor, read = county.actor(role), "", []
    while True:
        with scope(actor):
            one = page(actor, wanted, cursor=cursor, size=size)
        assert one.is_first == (cursor == "")
        read.append([m.code for m in one.rows])
        cursor = one.next_cursor
        if not cursor:
            return read


def test_pages_follow_each_other_without_gap_or_double(county: SmallCounty):
    with clock.at(AN_EVENING):  # all at one moment: the code decides
        codes = [registered(county).code for _ in range(7)]
    newest = codes[::-1]
    assert pages(county, 3, LedgerFilter()) == [newest[:3], newest[3:6], newest[6:]]
    assert pages(county, 7, LedgerFilter()) == [newest]


def test_what_comes_meanwhile_does_not_shift_the_next_page(county: SmallCounty):
    codes = [registered(county).code for _ in range(4)]
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        first = page(director, LedgerFilter(), size=2)
    registered(county)
    with scope(director):
        second = page(director, LedgerFilter(), cursor=first.next_cursor, size=2)
    assert [m.code for m in second.rows] == [codes[1], codes[0]]


def test_a_bent_cursor_begins_anew(county: SmallCounty):
    codes = [registered(county).code for _ in range(3)]
    director, registrar = county.actor(Role.DIRECTOR), county.actor(Role.REGISTRAR)
    with scope(director):
        cursor = page(director, LedgerFilter(), size=1).next_cursor
        other_filter = page(director, LedgerFilter(step="register"), size=1).next_cursor
    with scope(registrar):
        of_another_post = page(registrar, LedgerFilter(), size=1).next_cursor
    assert cursor
    for bent in (cursor + "x", "x", other_filter, of_another_post, cursor[:-2], "\x00"):
        with scope(director):
            again = page(director, LedgerFilter(), cursor=bent, size=1)
        assert (again.is_first, [m.code for m in again.rows]) == (True, [codes[-1]])


def test_counted_up_to_a_bound_that_is_said(county: SmallCounty, monkeypatch):
    for _ in range(3):
        registered(county)
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        assert count(director, LedgerFilter()) == (3, False)
        assert count(director, LedgerFilter(state="closed")) == (0, False)
        monkeypatch.setattr(ledger, "MOST_COUNTED", 2)
        assert count(director, LedgerFilter()) == (2, True)


def test_a_page_takes_the_same_statements_for_one_row_and_for_many(
    county: SmallCounty, django_assert_num_queries
):
    director = county.actor(Role.DIRECTOR)
    registered(county)
    for more in (0, 5):
        for _ in range(more):
            registered(county)
        with scope(director), django_assert_num_queries(1):
            for row in page(director, LedgerFilter(step="register")).rows:
                assert f"{row.division} {row.holder} {row.lead_department}"


def test_the_address_of_a_filter():
    wanted = LedgerFilter(step="register", registered_from=date(2026, 11, 20), party="13800000001")
    assert wanted.as_query() == {"step": "register", "registered_from": "2026-11-20"}


# --- searching words -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("陶瓷厂", ["瓷厂", "陶瓷"]),
        ("厂", ["厂"]),
        ("A公司2026", ["2026", "a", "公司"]),
        ("，。！ 🙂", []),
        # A name goes on behind a rare character, which is a word by itself.
        ("小黄𠅤和", ["小黄", "黄𠅤", "𠅤", "𠅤和"]),
        ("龚䶮", ["䶮", "龚䶮"]),
        ("二〇二六", ["〇二", "二〇", "二六"]),
        ("", []),
        ("x" * 100, ["x" * 64]),
    ],
)
def test_words_of_a_text(text, words):
    assert lexemes(text) == words


def test_beyond_the_bound_the_text_is_kept_and_not_searched():
    assert "末尾" in lexemes("甲乙" * 2998 + "末尾")
    assert "末尾" not in lexemes("甲乙" * 3000 + "末尾")


# --- my work -----------------------------------------------------------------------------------------------------
def waits(county: SmallCounty, who: tuple[Role, str] | Role) -> list[str]:
    role, place = who if isinstance(who, tuple) else (who, "county")
    actor = county.actor(role, place)
    with scope(actor):
        return sorted(waiting_for(actor).values_list("code", flat=True))


def test_whose_turn_it_is(county: SmallCounty):
    states = [s for s in State if s != State.MEDIATING]
    by_state = {state: brought_to(county, state).code for state in states}
    expected = {
        Role.REGISTRAR: {State.REGISTERED, State.ACCEPTED, State.SETTLED},
        Role.PETITION_OFFICER: {State.REGISTERED, State.ACCEPTED},
        Role.MEDIATOR: set(),
        Role.DISPATCHER: {
            State.ASSESSING, State.ROUTING, State.DISPATCHING, State.VISITED, State.EVALUATED
        },
        Role.DIRECTOR: {State.ASSESSING, State.EVALUATED},
        Role.PETITION_INSPECTOR: {State.ASSESSING, State.SETTLED, State.VISITED},
        Role.DUTY_COMMANDER: set(),
        Role.SUPERVISOR: set(),
    }  # fmt: skip
    for role, mine in expected.items():
        assert waits(county, role) == sorted(by_state[state] for state in mine), role
        actor = county.actor(role)
        with scope(actor):
            said = {w.state: w.number for w in counts(actor)}
        assert said == {s: int(s in mine) for s in states_waiting_for(role)}


def test_only_at_the_centre_that_holds_it(county: SmallCounty):
    matter = registered(county)
    assert waits(county, (Role.REGISTRAR, "town")) == []
    act(
        county,
        Role.DIRECTOR,
        lifting.hand_down,
        matter,
        centre_id=county.centres["town"].id,
        reason="由属地办理",
    )
    assert waits(county, (Role.REGISTRAR, "town")) == [matter.code]
    assert waits(county, Role.REGISTRAR) == []


def test_a_window_post_is_not_shown_what_is_routed_elsewhere(county: SmallCounty):
    """Opened again, it keeps its track until it is routed anew."""
    matter = brought_to(county, State.CLOSED)
    assert matter.track == "departmental"
    with scope(county.actor(Role.DIRECTOR)):
        Matter.objects.filter(pk=matter.pk).update(state="accepted")
    assert waits(county, Role.INDUSTRY_OFFICER) == [matter.code]
    assert waits(county, Role.LEGAL_OFFICER) == []


def test_the_counts_take_one_statement(county: SmallCounty, django_assert_num_queries):
    brought_to(county, State.SETTLED)
    dispatcher = county.actor(Role.DISPATCHER)
    with scope(dispatcher), django_assert_num_queries(1):
        counts(dispatcher)


def test_a_visited_matter_waits_no_more_for_its_visit(county: SmallCounty):
    matter = brought_to(county, State.SETTLED)
    report = VisitReport(method=VisitMethod.PHONE, reached=True, satisfaction=Satisfaction.BASIC)
    assert waits(county, Role.REGISTRAR) == [matter.code]
    act(county, Role.REGISTRAR, settling.return_visit, matter, report=report)
    assert waits(county, Role.REGISTRAR) == []
