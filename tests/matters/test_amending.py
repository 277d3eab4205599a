"""Completing a registration, linking matters, adding materials."""

from datetime import timedelta
from decimal import Decimal

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.files.domain.storing import store
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.domain.amending import AMENDABLE, amend, attach, link
from fengqiao.matters.domain.registration import register
from fengqiao.matters.enums import Channel, IdentityKind, PartyRole, State
from fengqiao.matters.intake import NewMatter, NewParty
from fengqiao.matters.models import HistoryEvent, MatterFile, MatterLink, Party
from fengqiao.matters.queries.ledger import LedgerFilter, matching
from fengqiao.matters.queries.record import record_of
from tests.files.samples import PDF
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows, told, words
from tests.small_county import RESIDENT_IDS, SmallCounty, brought_to, registered

BARE = NewMatter(title="有人来过，没有留话", received_at=None, channel=Channel.BELL)


def parameters(matter) -> bytes:
    with scope(EVERYWHERE):
        return bytes(HistoryEvent.objects.filter(matter_id=matter.pk).order_by("seq").last().content)


def searched(county: SmallCounty, words: str) -> list[str]:
    actor = county.actor(Role.REGISTRAR)
    with scope(actor):
        return list(matching(actor, LedgerFilter(q=words)).values_list("code", flat=True))


def test_what_was_missing_is_filled_in(county: SmallCounty):
    matter = act(county, Role.REGISTRAR, register, new=BARE)
    facts = {
        "account": "邻居建房挡住采光。",
        "category": "0201",
        "people": 3,
        "amount": Decimal("1200"),
        "happened_on": clock.today() - timedelta(days=3),
        "division": "440785102201",
        "grid": "440785102201001",
        "address": "三巷5号",
        "against_name": "梁某某",
        "against_kind": "person",
    }
    act(county, Role.REGISTRAR, amend, matter, facts=facts, reason="来电补充")
    now = fresh(county, matter)
    kept = {name: getattr(now, name + "_id" if name in ("division", "grid") else name) for name in facts}
    assert kept == facts
    assert now.place_key == "440785102201|三巷5号"
    assert told(matter)[-1] == "matter.amend"
    assert words(matter) == {"reason": "来电补充"}
    assert (
        b'"fields":["account","address","against_kind","against_name","amount","category","division_id",'
        b'"grid_id","happened_on","people"]' in parameters(matter)
    )


def test_the_history_names_the_fields_and_not_their_content(county: SmallCounty):
    matter = registered(county)
    act(county, Role.REGISTRAR, amend, matter, facts={"account": "黄某某的真实经过。"})
    assert b'"fields":["account"]' in parameters(matter)
    assert "真实经过".encode() not in parameters(matter)


def test_only_what_differs_counts(county: SmallCounty):
    matter = registered(county)
    same = {"title": matter.title, "people": 12}
    with refuses("invalid", field="title") as refusal:
        act(county, Role.REGISTRAR, amend, matter, facts=same)
    assert str(refusal.value) == "没有改动。"
    act(county, Role.REGISTRAR, amend, matter, facts=same | {"people": 13})
    assert b'"fields":["people"]' in parameters(matter)


def test_emptied(county: SmallCounty):
    matter = registered(county)
    act(
        county,
        Role.REGISTRAR,
        amend,
        matter,
        facts={"people": None, "address": "", "division": "", "grid": ""},
    )
    now = fresh(county, matter)
    assert (now.people, now.address, now.division_id, now.grid_id, now.place_key) == (
        None,
        "",
        None,
        None,
        "",
    )


@pytest.mark.parametrize(
    "name",
    ["received_at", "channel", "registered_by", "code", "county", "state", "anonymous", "danger", "nonsense"],
)
def test_when_and_how_it_came_stays(county: SmallCounty, name):
    assert name not in AMENDABLE
    matter = registered(county)
    with refuses("invalid", field=name):
        act(county, Role.REGISTRAR, amend, matter, facts={name: "x"})


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"category": "07"}, "category"),
        ({"people": 0}, "people"),
        ({"division": "440785999000", "grid": ""}, "division"),
        # The grid of the old village does not follow to another one.
        ({"division": "440785001001"}, "grid"),
        ({"happened_on": clock.today() + timedelta(days=1)}, "happened_on"),
        ({"account": "长" * 20_001}, "account"),
    ],
)
def test_what_is_put_right_must_be_right(county: SmallCounty, facts, field):
    matter = registered(county)
    with refuses("invalid", field=field):
        act(county, Role.REGISTRAR, amend, matter, facts=facts)


def test_parties_are_added_behind_those_who_are_there(county: SmallCounty):
    matter = registered(county)
    added = (
        NewParty(name="陈某某", identity_kind=IdentityKind.RESIDENT_ID, identity=RESIDENT_IDS[1]),
        NewParty(name="代理人", agent_for=0, agent_power="委托书"),
    )
    act(county, Role.MEDIATOR, amend, matter, facts={}, parties=added)
    assert rows(Party, matter, "place", "name", "agent_of__name") == [
        (0, "黄某某", None),
        (1, "梁某某", None),
        (2, "陈某某", None),
        (3, "代理人", "陈某某"),
    ]
    assert searched(county, "陈某某") == [matter.code]


def test_a_wrong_party_is_not_added(county: SmallCounty):
    matter = registered(county)
    with refuses("invalid", field="parties.0.name"):
        act(county, Role.REGISTRAR, amend, matter, facts={"people": 2}, parties=(NewParty(name=""),))


def test_the_search_follows_every_change(county: SmallCounty):
    matter = registered(county, against_name="恩平某陶瓷公司")
    assert searched(county, "陶瓷公司") == [matter.code]
    act(county, Role.REGISTRAR, amend, matter, facts={"title": "工厂欠薪"})
    assert searched(county, "工厂欠薪") == [matter.code]
    # Neither who it is against nor who brought it is forgotten by that.
    assert searched(county, "陶瓷公司") == [matter.code]
    assert searched(county, "黄某某") == [matter.code]
    act(county, Role.REGISTRAR, amend, matter, facts={"against_name": "开平某电子公司"})
    assert searched(county, "电子公司") == [matter.code]
    assert searched(county, "陶瓷公司") == []


def test_after_the_close_nothing_is_amended(county: SmallCounty):
    matter = brought_to(county, State.CLOSED)
    with refuses("not_in_this_state"):
        act(county, Role.REGISTRAR, amend, matter, facts={"people": 2})


# --- links --------------------------------------------------------------------------------------------------
def linked(county: SmallCounty, matter, who=Role.REGISTRAR) -> list[str]:
    actor = county.actor(*(who if isinstance(who, tuple) else (who, "county")))
    with scope(actor):
        return [m.code for m in record_of(actor, matter).linked]


def test_linked_both_matters_show_it(county: SmallCounty):
    first, second = registered(county), registered(county)
    act(county, Role.REGISTRAR, link, second, other_id=first.pk, reason="同一家厂的同一批工人")
    assert linked(county, first) == [second.code]
    assert linked(county, second) == [first.code]
    assert rows(MatterLink, second, "other_id", "reason", "linked_by") == [
        (first.pk, "同一家厂的同一批工人", county.person(Role.REGISTRAR).id)
    ]


def test_linked_twice_is_one_link(county: SmallCounty):
    first, second = registered(county), registered(county)
    for _ in range(2):
        act(county, Role.REGISTRAR, link, second, other_id=first.pk, reason="同一家厂")
    assert len(rows(MatterLink, second, "pk")) == 1


def test_linked_to_itself_or_to_what_one_does_not_see(county: SmallCounty):
    here, second = registered(county), registered(county)
    there = registered(county, "other", division="", grid="")
    for other in (there.pk, new_id()):
        with refuses("matter_not_found"):
            act(county, Role.REGISTRAR, link, here, other_id=other, reason="同一家厂")
    with refuses("invalid", field="other"):
        act(county, Role.REGISTRAR, link, here, other_id=here.pk, reason="同一家厂")
    with refuses("invalid", field="reason"):
        act(county, Role.REGISTRAR, link, here, other_id=second.pk, reason="")


def test_a_link_is_not_a_way_around_the_sight(county: SmallCounty):
    """The city links matters of two counties; each county sees only its own."""
    here = registered(county)
    there = registered(county, "other", division="", grid="")
    act(county, (Role.DIRECTOR, "city"), link, here, other_id=there.pk, reason="同一伙包工头")
    assert linked(county, here) == []
    assert linked(county, here, (Role.DIRECTOR, "city")) == [there.code]


# --- materials ----------------------------------------------------------------------------------------------
def test_attached_under_the_name_it_was_handed_in_with(county: SmallCounty, disk):
    matter = brought_to(county, State.HANDLING)
    handler = county.actor(Role.HANDLER, "labour")
    with scope(handler):
        kept = store(county="440785", name="回单.pdf", content=PDF)
    act(
        county,
        (Role.HANDLER, "labour"),
        attach,
        matter,
        file_id=kept.id,
        name="银行回单.pdf",
        purpose="dispose",
    )
    assert rows(MatterFile, matter, "file_id", "name", "purpose", "added_by") == [
        (kept.id, "银行回单.pdf", "dispose", handler.person_id)
    ]
    assert told(matter)[-1] == "matter.attach"
    assert "银行回单".encode() not in parameters(matter)


def test_the_respondent_is_named(county: SmallCounty):
    """A matter that had no other side gets one, and can be mediated then."""
    matter = registered(county, parties=(NewParty(name="黄某某"),))
    other = (NewParty(name="梁某某", role=PartyRole.RESPONDENT),)
    act(county, Role.REGISTRAR, amend, matter, facts={}, parties=other)
    assert [row[0] for row in rows(Party, matter, "role")] == ["petitioner", "respondent"]
