"""The desk of somebody who reads English; what is printed stays Chinese."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier.queries.papers import papers_of
from fengqiao.matters.enums import Action, Outcome, State
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.county_limits import items
from fengqiao.rules.queries.limits import all_limits
from fengqiao.rules.queries.tables import shipped
from fengqiao.rules.queries.words import in_readers_language
from fengqiao.web.templatetags.kit import listed
from tests.small_county import SmallCounty, brought_to, build
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> SmallCounty:
    return build()


def in_english(client: Client) -> Client:
    client.post(reverse("set_language"), {"language": "en"})
    return client


def test_a_paper_is_chinese_whoever_prints_it(county: SmallCounty):
    matter = brought_to(county, State.HANDLING)
    dispatcher = county.actor(Role.DISPATCHER)
    with scope(dispatcher):
        chinese = papers_of(dispatcher, matter)
        with translation.override("en"):
            english = papers_of(dispatcher, matter)
    assert len(chinese) > 1
    assert english == chinese


def test_an_action_and_what_came_of_it_are_two_words_in_english():
    with translation.override("en"):
        assert (str(Action.WITHDRAW.label), str(Outcome.WITHDRAWN.label)) == ("Withdraw", "Withdrawn")
        assert (str(Action.GUIDE.label), str(Outcome.GUIDED.label)) == ("Guide", "Guided")
    assert str(Action.WITHDRAW.label) == str(Outcome.WITHDRAWN.label) == "撤回"


def test_several_words_are_joined_as_the_reader_joins_them():
    assert listed(["甲", "乙"]) == "甲、乙"
    with translation.override("en"):
        assert listed(["甲", "乙"]) == "甲, 乙"


def test_what_a_chosen_file_may_weigh_is_said_in_the_readers_language(county: SmallCounty):
    matter = brought_to(county, State.ASSESSING)
    client = in_english(at_the_desk(county, Role.DISPATCHER))
    page = client.get(reverse("matter", args=[matter.code]), {"do": "attach"})
    assert 'data-too-large="Larger than 50 MB"' in page.content.decode()


def test_the_ledger_says_what_was_asked_in_english(county: SmallCounty):
    brought_to(county, State.ASSESSING)
    client = in_english(at_the_desk(county, Role.DISPATCHER))
    read = text_of(client.get(reverse("ledger"), {"state": "assessing", "flag": "raised"}))
    assert "State: To be assessed" in read
    assert "Marked as: Raised" in read


def test_the_shipped_tables_read_in_english_and_what_is_stored_stays(county: SmallCounty):
    han = re.compile(r"[\u4e00-\u9fff]")
    with translation.override("en"):
        for kind in TableKind:
            table = shipped(kind)
            said = [table.source, *(each.name for each in table.examples)]
            said += [x for row in table.rows for x in (row.reason, row.basis, row.then.get("guide", ""))]
            assert [each for each in said if han.search(in_readers_language(each))] == []
        for limit in all_limits().values():
            said = [limit.title, limit.basis, in_readers_language(limit.note)]
            assert [each for each in said if han.search(each)] == []
        said = [x for item in items().values() for x in (item.reason, item.taken_from)]
        assert [each for each in said if han.search(in_readers_language(each))] == []
    matter = brought_to(county, State.ASSESSING)
    desk = at_the_desk(county, Role.DISPATCHER)
    read = text_of(in_english(desk).get(reverse("matter", args=[matter.code]), {"do": "assess"}))
    assert "The table of rules proposes: Complex · town V11 Ten people or more Basis: Proposal" in read
    assert shipped(TableKind.TIER).rows[8].reason == "涉及十人以上"
