"""Taking a matter in: what is kept, one code that is never given twice, who may, and what is missing."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from fengqiao.accounts.enums import ADMINISTRATORS, Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.kernel.ids import new_id
from fengqiao.matters.domain.first_rows import place_key
from fengqiao.matters.domain.registration import register
from fengqiao.matters.enums import (
    AgainstKind,
    Channel,
    ClaimKind,
    Danger,
    IdentityKind,
    OutsideSystem,
    PartyKind,
    PartyRole,
    ProcedureKind,
    ProcedureStage,
    Scale,
)
from fengqiao.matters.intake import NewClaim, NewMatter, NewOutsideNumber, NewParty, NewProcedure
from fengqiao.matters.models import Claim, HistoryEvent, Matter, OutsideNumber, Party, Procedure
from fengqiao.matters.policies import MAY_REGISTER
from fengqiao.matters.queries.matters import missing
from tests import small_county
from tests.matters.ground import AUDITING, EVERYWHERE, act, fresh, refuses, rows, told
from tests.small_county import AN_EVENING, SmallCounty, registered, wages

LATER = AN_EVENING + timedelta(days=30)


def take(county: SmallCounty, who=Role.REGISTRAR, **changes) -> Matter:
    return act(county, who, register, new=wages(**changes))


# --- what is kept -------------------------------------------------------------------------------------------
def test_everything_that_was_said_is_there(county: SmallCounty):
    with clock.at(LATER):
        matter = take(
            county,
            title="  沙湖镇陶瓷厂欠薪  ",
            received_at=LATER - timedelta(hours=20),
            channel=Channel.BELL,
            claims=(NewClaim(ClaimKind.RESOLVE, " 付清工资 "), NewClaim(ClaimKind.REPORT, "厂长转移财产")),
            scale=Scale.GROUP,
            people=12,
            amount=Decimal("36000.50"),
            longitude=Decimal("112.305000"),
            latitude=Decimal("22.183000"),
            danger=Danger.VIOLENCE,
            against_kind=AgainstKind.ORGANISATION,
            against_name=" 某陶瓷厂 ",
            procedures=(
                NewProcedure(ProcedureKind.ARBITRATION, ProcedureStage.ENDED, " 恩劳仲12号 ", " 仲裁院 "),
            ),
            outside_numbers=(NewOutsideNumber(OutsideSystem.HOTLINE, " 202611200001 "),),
        )
    now = fresh(county, matter)
    values = {
        name: getattr(now, name)
        for name in (
            "county", "restriction", "version", "state", "step", "channel", "title", "account", "category",
            "scale", "people", "amount", "happened_on", "division_id", "grid_id", "address", "longitude",
            "latitude", "danger", "confidential", "anonymous", "against_kind", "against_name", "source",
            "track", "risk", "outcome", "performance", "is_history", "raised", "reopened",
        )
    }  # fmt: skip
    assert values == {
        "county": "440785",
        "restriction": "open",
        "version": 1,
        "state": "registered",
        "step": "register",
        "channel": "bell",
        "title": "沙湖镇陶瓷厂欠薪",
        "account": "十二名工人到中心反映，厂里两个月没有发工资，多次询问没有结果。",
        "category": "0703",
        "scale": "02",
        "people": 12,
        "amount": Decimal("36000.50"),
        "happened_on": date(2026, 9, 1),
        "division_id": "440785102201",
        "grid_id": "440785102201001",
        "address": "工业二路18号",
        "longitude": Decimal("112.305"),
        "latitude": Decimal("22.183"),
        "danger": "violence",
        "confidential": False,
        "anonymous": False,
        "against_kind": "organisation",
        "against_name": "某陶瓷厂",
        "source": "",
        "track": "",
        "risk": "",
        "outcome": "",
        "performance": "none",
        "is_history": False,
        "raised": False,
        "reopened": 0,
    }
    assert rows(Claim, matter, "kind", "text", "place") == [
        ("resolve", "付清工资", 0),
        ("report", "厂长转移财产", 1),
    ]
    assert rows(Procedure, matter, "kind", "stage", "number", "body") == [
        ("arbitration", "ended", "恩劳仲12号", "仲裁院")
    ]
    assert rows(OutsideNumber, matter, "system", "number") == [("12345", "202611200001")]


def test_when_it_came_apart_from_when_it_was_typed(county: SmallCounty):
    with clock.at(LATER):
        matter = take(county, received_at=LATER - timedelta(hours=20))
    now = fresh(county, matter)
    assert (now.received_at, now.registered_at, now.state_since) == (
        LATER - timedelta(hours=20),
        LATER,
        LATER,
    )
    assert now.registered_by == county.person(Role.REGISTRAR).id
    assert now.centre_id == now.holder_id == county.centres["county"].id


def test_danger_does_not_wait(county: SmallCounty):
    with clock.at(LATER):
        matter = take(county, danger=Danger.DOMESTIC)
    now = fresh(county, matter)
    assert (now.danger, now.danger_since) == ("domestic_violence", LATER)


def test_the_parties_in_their_order_with_agents_and_representatives(county: SmallCounty):
    matter = take(
        county,
        parties=(
            NewParty(name="代理人", agent_for=1, agent_power="委托书，2026-11-01"),
            NewParty(name="黄某某", is_representative=True, wish="年底前付清"),
            NewParty(
                role=PartyRole.RESPONDENT,
                kind=PartyKind.ORGANISATION,
                name="某陶瓷厂",
                identity_kind=IdentityKind.CREDIT_CODE,
                identity="91350100M000100Y43",
                legal_representative="梁某",
            ),
        ),
    )
    assert rows(
        Party,
        matter,
        "place",
        "role",
        "kind",
        "name",
        "agent_of__name",
        "agent_power",
        "is_representative",
        "legal_representative",
        "wish",
        "identity_kind",
    ) == [
        (0, "petitioner", "person", "代理人", "黄某某", "委托书，2026-11-01", False, "", "", "none"),
        (1, "petitioner", "person", "黄某某", None, "", True, "", "年底前付清", "none"),
        (2, "respondent", "organisation", "某陶瓷厂", None, "", False, "梁某", "", "credit_code"),
    ]


def test_its_history_begins_and_the_audit_knows_the_link(county: SmallCounty):
    matter = take(county)
    assert told(matter) == ["matter.registered"]
    with scope(EVERYWHERE):
        event = HistoryEvent.objects.get(matter_id=matter.pk)
    now = fresh(county, matter)
    assert (now.history_count, bytes(now.history_head)) == (1, bytes(event.hash))
    with scope(AUDITING):
        entry = Entry.objects.get(subject=f"matter:{matter.pk}")
    assert (entry.verb, entry.county, entry.person_id) == (
        "matter.registered",
        "440785",
        county.person(Role.REGISTRAR).id,
    )
    assert bytes(event.hash).hex().encode() in bytes(entry.content)


def test_history_and_audit_hold_no_personal_data(county: SmallCounty):
    matter = take(county)
    with scope(EVERYWHERE):
        contents = [bytes(e.content) for e in HistoryEvent.objects.filter(matter_id=matter.pk)]
    with scope(AUDITING):
        contents += [bytes(e.content) for e in Entry.objects.all()]
    for secret in (
        "黄某某",
        "梁某某",
        "13800000001",
        small_county.RESIDENT_IDS[0],
        "两个月没有发工资",
        "拖欠",
    ):
        assert [content for content in contents if secret.encode() in content] == []


# --- one matter, one code -----------------------------------------------------------------------------------
def test_the_code_is_the_county_the_day_and_the_next_number(county: SmallCounty):
    first = take(county)
    with clock.at(datetime(2026, 12, 31, 15, 59, tzinfo=AN_EVENING.tzinfo)):
        last_of_the_year = take(county)
    with clock.at(datetime(2026, 12, 31, 16, 0, tzinfo=AN_EVENING.tzinfo)):
        first_of_the_next = take(county)
    number = int(first.code[-6:])
    assert last_of_the_year.code == f"440785-20261231-{number + 1:06d}"
    # The counter goes on: it is the county's, not the day's.
    assert first_of_the_next.code == f"440785-20270101-{number + 2:06d}"


def test_a_number_is_never_used_again(county: SmallCounty):
    """An undone registration leaves a gap."""
    first = take(county)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        undone = take(county)
        raise ZeroDivisionError
    after = take(county)
    numbers = [int(m.code[-6:]) for m in (first, undone, after)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


def test_every_county_counts_for_itself_and_a_town_with_its_county(county: SmallCounty):
    here, town = take(county), take(county, (Role.REGISTRAR, "town"))
    there = take(county, (Role.REGISTRAR, "other"), division="", grid="")
    city = take(county, (Role.REGISTRAR, "city"))
    assert [m.code[:7] for m in (here, town, there, city)] == ["440785-", "440785-", "440783-", "440700-"]
    assert int(town.code[-6:]) == int(here.code[-6:]) + 1
    assert town.centre_id == county.centres["town"].id


def test_the_database_holds_codes_apart(county: SmallCounty):
    first, second = take(county), take(county)
    with (
        pytest.raises(IntegrityError, match="code"),
        transaction.atomic(),
        scope(county.actor(Role.REGISTRAR)),
    ):
        second.pk, second.code = new_id(), first.code
        second.save(force_insert=True)


# --- who may ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [role for role in Role if role in MAY_REGISTER])
def test_who_takes_matters_in(county: SmallCounty, role):
    matter = take(county, role)
    assert matter.registered_by == county.person(role).id


@pytest.mark.parametrize("role", [role for role in Role if role not in MAY_REGISTER])
def test_who_does_not(county: SmallCounty, role):
    """Among them the three administrators, a department's handler and whoever supervises."""
    assert role in {Role.HANDLER, Role.COMMISSION, Role.SUPERVISOR, Role.PETITION_INSPECTOR, *ADMINISTRATORS}
    with refuses("post_may_not_register"):
        take(county, (role, "labour" if role is Role.HANDLER else "county"))


def test_a_post_without_a_centre_takes_nothing_in(county: SmallCounty):
    homeless = replace(county.actor(Role.REGISTRAR), centre_id=None)
    with pytest.raises(NotAllowed) as refusal, scope(homeless):
        register(actor=homeless, new=wages())
    assert refusal.value.code == "post_may_not_register"


# --- anonymous and incomplete -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("parties", "anonymous"),
    [
        ((), True),
        ((NewParty(kind=PartyKind.ANONYMOUS),), True),
        ((NewParty(role=PartyRole.RESPONDENT, name="梁某某"),), True),
        ((NewParty(name="黄某某"),), False),
        ((NewParty(kind=PartyKind.ANONYMOUS), NewParty(name="黄某某")), False),
        # An agent who is known speaks for somebody who is not.
        (
            (NewParty(kind=PartyKind.ANONYMOUS), NewParty(name="代理人", agent_for=0, agent_power="委托书")),
            True,
        ),
    ],
)
def test_anonymous(county: SmallCounty, parties, anonymous):
    matter = take(county, parties=parties)
    assert fresh(county, matter).anonymous is anonymous


def test_only_a_title_is_enough_and_what_is_missing_is_said(county: SmallCounty):
    bare = NewMatter(title="有人来过，没有留话", received_at=None, channel=Channel.BELL)
    matter = act(county, Role.REGISTRAR, register, new=bare)
    now = fresh(county, matter)
    assert [str(word) for word in missing(now, parties=0, claims=0)] == [
        "收到时间",
        "纠纷类型",
        "经过",
        "诉求",
        "当事人",
        "所在村居",
        "发生日期",
        "涉及人数",
    ]


def test_nothing_is_missing_from_a_whole_registration(county: SmallCounty):
    now = fresh(county, registered(county))
    assert missing(now, parties=2, claims=1) == []
    assert [str(word) for word in missing(now, parties=0, claims=1)] == ["当事人"]


# --- the source ---------------------------------------------------------------------------------------------
def test_one_source_number_once(county: SmallCounty):
    take(county, source="12345", source_number="A1")
    with refuses("already_registered", field="source_number"):
        take(county, source="12345", source_number="A1")
    # Another source may count alike, and what has no number is no double.
    take(county, source="province", source_number="A1")
    take(county, source="12345")
    take(county, source="12345")
    elsewhere = {"division": "", "grid": "", "source": "12345", "source_number": "A1"}
    take(county, (Role.REGISTRAR, "other"), **elsewhere)


@pytest.mark.parametrize(
    ("division", "address", "key"),
    [
        ("440785102201", "工业二路18号", "440785102201|工业二路18号"),
        ("440785102201", " 工业二路（１８）号，", "440785102201|工业二路18号"),
        ("440785102201", "", ""),
        ("", "工业二路18号", ""),
    ],
)
def test_one_spelling_of_a_place(division, address, key):
    assert place_key(division, address) == key


def test_the_longest_address_has_a_place_too(county: SmallCounty):
    matter = take(county, address="长" * 200)
    assert fresh(county, matter).place_key == ("440785102201|" + "长" * 200)[:200]
