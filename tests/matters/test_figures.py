"""本级完结: settled at its own level, with the denominator said and each number opening into its rows."""

from datetime import timedelta

import pytest

from fengqiao.accounts.enums import ADMINISTRATORS, Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, lifting, settling
from fengqiao.matters.domain.taking_over import SettledBefore, take_over
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.figures import settled_at_own_level
from fengqiao.matters.queries.ledger import LedgerFilter, matching, page
from tests import small_county
from tests.small_county import SmallCounty

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


def figure(county: SmallCounty, place: str = "county", *, days_ago: int = 0, until_days_ago: int = 0):
    actor = county.actor(Role.DIRECTOR, place)
    with scope(actor):
        return settled_at_own_level(
            actor,
            clock.today() - timedelta(days=days_ago),
            clock.today() - timedelta(days=until_days_ago),
        )


def rows(county: SmallCounty, wanted, place: str = "county") -> list[str]:
    actor = county.actor(Role.DIRECTOR, place)
    with scope(actor):
        return [matter.code for matter in page(actor, wanted).rows]


def act(county: SmallCounty, role: Role, verb, matter: Matter, place: str = "county", **values) -> None:
    actor = county.actor(role, place)
    with scope(actor):
        verb(actor=actor, matter_id=matter.id, **values)


def raised_and_closed(county: SmallCounty, *, registered: str, by: str, closer: str) -> Matter:
    """A matter of one centre that ``by`` raised to the centre above it, settled and closed there."""
    matter = small_county.registered(county, registered, parties=())
    if by != registered:
        act(
            county,
            Role.DIRECTOR,
            lifting.hand_down,
            matter,
            registered,
            centre_id=county.centres[by].id,
            reason="由属地先行调处",
        )
    act(county, Role.DIRECTOR, lifting.raise_up, matter, by, reason="涉及面广，提级办理")
    act(county, Role.DIRECTOR, accepting.accept, matter, closer)
    act(
        county,
        Role.INDUSTRY_OFFICER,
        accepting.settle_on_spot,
        matter,
        closer,
        result="双方当场谈妥，已经付清。",
    )
    act(county, Role.DIRECTOR, settling.close, matter, closer)
    return matter


def test_nothing_closed_has_no_share(county):
    small_county.registered(county)
    said = figure(county)
    assert (said.number, said.total, said.share) == (0, 0, None)


def test_closed_at_its_own_centre_counts_in_both(county):
    closed = small_county.brought_to(county, State.CLOSED)
    archived = small_county.brought_to(county, State.ARCHIVED)
    small_county.brought_to(county, State.EVALUATED)
    said = figure(county)
    assert (said.number, said.total, said.share) == (2, 2, 1.0)
    assert rows(county, said.among) == [archived.code, closed.code]
    assert rows(county, said.of_which) == [archived.code, closed.code]


def test_raised_to_the_centre_above_counts_among_but_not_in_which(county):
    own = small_county.brought_to(county, State.CLOSED)
    raised = raised_and_closed(county, registered="county", by="county", closer="city")
    said = figure(county)
    assert (said.number, said.total, said.share) == (1, 2, 0.5)
    assert rows(county, said.of_which) == [own.code]
    assert rows(county, said.among) == [raised.code, own.code]


def test_what_a_lower_centre_raised_back_has_not_left_its_level(county):
    back = raised_and_closed(county, registered="county", by="town", closer="county")
    said = figure(county)
    assert (said.number, said.total) == (1, 1)
    assert rows(county, said.of_which) == [back.code]


def test_raised_by_the_town_is_the_towns_figure_and_not_the_countys(county):
    raised = raised_and_closed(county, registered="town", by="town", closer="county")
    said = figure(county, "town")
    assert (said.number, said.total, said.share) == (0, 1, 0.0)
    assert rows(county, said.among, "town") == [raised.code]
    at_county = figure(county)
    assert (at_county.number, at_county.total) == (0, 0)


def test_what_was_not_settled_in_substance_is_not_counted(county):
    withdrawn = small_county.registered(county)
    act(county, Role.REGISTRAR, settling.withdraw, withdrawn, reason="本人表示不再反映")
    act(county, Role.DIRECTOR, settling.close, withdrawn)
    guided = small_county.registered(county)
    act(
        county,
        Role.REGISTRAR,
        accepting.guide,
        guided,
        body="恩平市人民法院",
        explanation="已经判决生效，应当申请执行",
    )
    act(county, Role.REGISTRAR, settling.record_receipt, guided, number="恩法收字12号")
    act(county, Role.DIRECTOR, settling.close, guided)
    exchange = county.actor(Role.EXCHANGE)
    with scope(exchange):
        take_over(
            actor=exchange,
            new=small_county.wages(),
            settled=SettledBefore(text="旧台账记载已付清", at=clock.now()),
        )
        closed = matching(exchange, LedgerFilter(flag="closed")).count()
    said = figure(county)
    assert closed == 3
    assert (said.number, said.total) == (0, 0)


def test_a_reopened_matter_is_open_and_not_counted(county):
    matter = small_county.brought_to(county, State.CLOSED)
    act(county, Role.DIRECTOR, settling.reopen, matter, reason="厂方又停发工资")
    said = figure(county)
    assert (said.number, said.total) == (0, 0)


def test_only_the_days_asked_for(county):
    with clock.at(clock.now() - timedelta(days=3)):
        small_county.brought_to(county, State.CLOSED)
    today = small_county.brought_to(county, State.CLOSED)
    assert figure(county).total == 1
    assert rows(county, figure(county).among) == [today.code]
    assert figure(county, days_ago=3).total == 2
    assert figure(county, days_ago=3, until_days_ago=1).total == 1


def test_the_words_name_numerator_and_denominator(county):
    said = figure(county)
    assert str(said.counted) == "其中没有提级到上级中心的"
    assert str(said.counted_among) == (
        "本中心登记并已结案的事项（不含历史导入、撤回、引导移交和导入法定程序的）"
    )
    assert said.among.as_query() == {
        "centre": str(county.centres["county"].id),
        "registered_from": clock.today().isoformat(),
        "registered_until": clock.today().isoformat(),
        "flag": "own_level_all",
    }


def test_posts_without_a_centre_have_no_such_figure(county):
    for role, place in [(Role.HANDLER, "labour"), *((role, "county") for role in ADMINISTRATORS)]:
        actor = county.actor(role, place)
        with scope(actor):
            assert settled_at_own_level(actor, clock.today(), clock.today()) is None
