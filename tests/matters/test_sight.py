"""Who sees a matter: named readers of a restricted one, those who step aside, the body complained of, seals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fengqiao.accounts.enums import ADMINISTRATORS, CENTRE_ROLES, Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.domain import dispatching
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, amending, assessing
from fengqiao.matters.domain.registration import READERS_DAYS
from fengqiao.matters.domain.sight import name_reader, recuse, restrict_later, seal
from fengqiao.matters.enums import ClaimKind, State
from fengqiao.matters.intake import NewClaim
from fengqiao.matters.models import Claim, Matter, Party, PartyContact, Recusal, Word
from fengqiao.matters.queries.ledger import LedgerFilter, count, matching
from fengqiao.matters.queries.matters import readers_of
from fengqiao.places.models import Post, Stationing
from tests import small_county
from tests.matters.ground import act, fresh, last_audited, refuses, rows, sees, told
from tests.small_county import SmallCounty, brought_to, registered

LABOUR = (Role.HANDLER, "labour")
HOUSING = (Role.HANDLER, "housing")
REPORT = {"confidential": True, "claims": (NewClaim(ClaimKind.REPORT, "局长收受红包"),)}


def who_sees(county: SmallCounty, matter: Matter, place: str = "county") -> set[str]:
    return {
        role for role in Role if (role, place) in county.stationings and sees(county, (role, place), matter)
    }


# --- what a post sees ---------------------------------------------------------------------------------------
def test_a_county_centre_sees_its_county_and_no_other(county: SmallCounty):
    here = registered(county)
    there = registered(county, "other", division="", grid="")
    allowed = {*CENTRE_ROLES, Role.SUPERVISOR, Role.EXCHANGE}
    assert who_sees(county, here) == allowed
    assert who_sees(county, here, "other") == set()
    assert who_sees(county, there) == set()
    assert who_sees(county, there, "other") == allowed
    assert who_sees(county, here, "city") == who_sees(county, there, "city") == allowed


def test_a_town_sees_its_own_and_what_lies_in_it(county: SmallCounty):
    lies_there = registered(county)
    elsewhere = registered(county, division="440785001001", grid="")
    nowhere = registered(county, division="", grid="")
    its_own = registered(county, "town", division="440785001001", grid="")
    town = (Role.DIRECTOR, "town")
    assert [sees(county, town, m) for m in (lies_there, elsewhere, nowhere, its_own)] == [
        True,
        False,
        False,
        True,
    ]


def test_a_department_sees_what_was_handed_to_it(county: SmallCounty):
    matter = brought_to(county, State.DISPATCHING)
    assert not sees(county, LABOUR, matter)
    act(
        county,
        Role.DISPATCHER,
        dispatching.dispatch,
        matter,
        lead=county.department("labour").id,
        message="请依法处理",
    )
    assert sees(county, LABOUR, matter)
    assert not sees(county, HOUSING, matter)
    assert not sees(county, (Role.HANDLER, "other"), matter)


def test_an_administrator_sees_nothing_that_is_a_matter(county: SmallCounty):
    matter = registered(county)
    for role in ADMINISTRATORS:
        actor = county.actor(role)
        with scope(actor):
            assert Matter.objects.count() == Party.objects.count() == Word.objects.count() == 0
            assert count(actor, LedgerFilter()) == (0, False)
        assert not sees(county, (role, "county"), matter)


# --- confidential reports -----------------------------------------------------------------------------------
def test_a_confidential_report_is_restricted_from_its_first_moment(county: SmallCounty):
    matter = registered(county, **REPORT)
    assert matter.restriction == "restricted"
    assert who_sees(county, matter) == {Role.REGISTRAR, Role.DIRECTOR, Role.EXECUTIVE_DEPUTY}
    assert who_sees(county, matter, "city") == set()
    until = clock.today() + timedelta(days=READERS_DAYS)
    registrar = county.actor(Role.REGISTRAR)
    with scope(registrar):
        named = readers_of(matter)
        # Everything that belongs to it carries the restriction too.
        for model in (Claim, Party, PartyContact):
            found = set(model.objects.filter(matter_id=matter.pk).values_list("restriction", flat=True))
            assert found == {"restricted"}
    assert sorted(named) == sorted(
        (county.person(role).name, until) for role in (Role.REGISTRAR, Role.DIRECTOR, Role.EXECUTIVE_DEPUTY)
    )


def test_nobody_else_finds_counts_or_reads_it(county: SmallCounty):
    matter = registered(county, **REPORT)
    dispatcher = county.actor(Role.DISPATCHER)
    with scope(dispatcher):
        assert count(dispatcher, LedgerFilter()) == (0, False)
        assert list(matching(dispatcher, LedgerFilter(q="拖欠"))) == []
        assert list(matching(dispatcher, LedgerFilter(q="13800000001"))) == []
        assert Party.objects.filter(matter_id=matter.pk).count() == 0
    with refuses("matter_not_found"):
        act(county, Role.DISPATCHER, amending.amend, matter, facts={"people": 2})


def test_a_director_of_tomorrow_is_no_reader_of_today(county: SmallCounty):
    person = small_county.Person.objects.create_user(username="next", name="下任主任")
    post = Post.objects.get(role=Role.DIRECTOR, centre=county.centres["county"])
    held = Stationing.objects.create(person=person, post=post, valid_from=clock.today() + timedelta(days=1))
    first = registered(county, **REPORT)
    Stationing.objects.filter(pk=held.pk).update(valid_from=clock.today())
    second = registered(county, **REPORT)
    with scope(county.actor(Role.REGISTRAR)):
        assert "下任主任" not in dict(readers_of(first))
        assert "下任主任" in dict(readers_of(second))


def test_a_reader_is_named_until_a_day(county: SmallCounty):
    matter = registered(county, **REPORT)
    person = county.person(Role.DISPATCHER)
    until = clock.today() + timedelta(days=30)
    act(county, Role.DIRECTOR, name_reader, matter, person_id=person.id, until=until, reason="负责分类交办")
    assert sees(county, Role.DISPATCHER, matter)
    audited = last_audited()
    assert (audited.verb, audited.subject) == ("matter.reader_named", f"matter:{matter.pk}")
    assert str(person.id).encode() in bytes(audited.content)
    # Named again with an earlier day: the director takes it back.
    act(
        county,
        Role.DIRECTOR,
        name_reader,
        matter,
        person_id=person.id,
        until=clock.today(),
        reason="已经办完",
    )
    with scope(county.actor(Role.DIRECTOR)):
        assert (person.name, clock.today()) in readers_of(matter)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"until": clock.today() - timedelta(days=1)}, "until"),
        ({"until": clock.today() + timedelta(days=367)}, "until"),
        ({"reason": "看"}, "reason"),
    ],
)
def test_a_reader_is_named_with_a_reason_and_an_end(county: SmallCounty, said, field):
    matter = registered(county, **REPORT)
    person = county.person(Role.DISPATCHER)
    given = {"until": clock.today(), "reason": "负责分类交办"} | said
    with refuses("invalid", field=field):
        act(county, Role.DIRECTOR, name_reader, matter, person_id=person.id, **given)
    assert not sees(county, Role.DISPATCHER, matter)


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.DISPATCHER, Role.STANDING_DEPUTY])
def test_only_directors_name_readers(county: SmallCounty, role):
    matter = registered(county, **REPORT)
    given = {"person_id": county.person(role).id, "until": clock.today(), "reason": "负责分类交办"}
    with refuses("may_not_name"):
        act(county, role, name_reader, matter, **given)


def test_an_open_matter_has_no_named_readers(county: SmallCounty):
    matter = registered(county)
    given = {"person_id": county.person(Role.DISPATCHER).id, "until": clock.today(), "reason": "负责分类交办"}
    with refuses("not_restricted"):
        act(county, Role.DIRECTOR, name_reader, matter, **given)


def test_restricted_later(county: SmallCounty):
    matter = registered(county)
    act(county, Role.MEDIATOR, amending.amend, matter, facts={"people": 3}, reason="补充")
    act(county, Role.DISPATCHER, restrict_later, matter, reason="涉及未成年人")
    assert who_sees(county, matter) == {Role.DISPATCHER, Role.DIRECTOR, Role.EXECUTIVE_DEPUTY}
    assert last_audited().verb == "matter.restricted"
    with scope(county.actor(Role.DIRECTOR)):
        assert set(Word.objects.filter(matter_id=matter.pk).values_list("restriction", flat=True)) == {
            "restricted"
        }
    with refuses("restricted_already"):
        act(county, Role.DISPATCHER, restrict_later, matter, reason="涉及未成年人")


def test_restricting_needs_the_post_and_a_reason(county: SmallCounty):
    matter = registered(county)
    with refuses("may_not_restrict"):
        act(county, Role.MEDIATOR, restrict_later, matter, reason="涉及未成年人")
    with refuses("invalid", field="reason"):
        act(county, Role.DISPATCHER, restrict_later, matter, reason="儿童")


def test_a_restricted_matter_goes_on_in_the_hands_of_its_readers(county: SmallCounty):
    matter = registered(county, **REPORT)
    act(county, Role.REGISTRAR, accepting.accept, matter)
    act(county, Role.REGISTRAR, assessing.skip_mediation, matter, refused=False, reason="检举不适宜调解")
    assert fresh(county, matter).state == State.ASSESSING
    assert told(matter) == []  # the test's own eye is no named reader


# --- seals --------------------------------------------------------------------------------------------------
def test_a_seal_closes_the_matter_to_everybody(county: SmallCounty):
    matter = registered(county)
    act(county, Role.DIRECTOR, seal, matter, basis="治安管理处罚法第136条")
    assert last_audited().verb == "matter.sealed"
    assert who_sees(county, matter) == who_sees(county, matter, "city") == set()
    for role in (Role.DIRECTOR, Role.REGISTRAR):
        with scope(county.actor(role)):
            assert Party.objects.filter(matter_id=matter.pk).count() == 0
            assert Claim.objects.filter(matter_id=matter.pk).count() == 0
    with refuses("matter_not_found"):
        act(county, Role.DIRECTOR, seal, matter, basis="治安管理处罚法第136条")


def test_who_seals_and_on_which_basis(county: SmallCounty):
    matter = registered(county)
    with refuses("may_not_seal"):
        act(county, Role.DISPATCHER, seal, matter, basis="治安管理处罚法第136条")
    with refuses("invalid", field="basis"):
        act(county, Role.DIRECTOR, seal, matter, basis="依法")
    restricted = registered(county, **REPORT)
    act(county, Role.EXECUTIVE_DEPUTY, seal, restricted, basis="刑事诉讼法第286条")
    assert who_sees(county, restricted) == set()


# --- stepping aside, and the body complained of -------------------------------------------------------------
def test_who_steps_aside_does_not_see_it_any_more(county: SmallCounty):
    matter = registered(county)
    mediator = county.person(Role.MEDIATOR)
    act(county, Role.REGISTRAR, recuse, matter, person_id=mediator.id, reason="与当事人是亲属")
    assert not sees(county, Role.MEDIATOR, matter)
    assert rows(Recusal, matter, "person_id", "reason", "recorded_by") == [
        (mediator.id, "与当事人是亲属", county.person(Role.REGISTRAR).id)
    ]
    actor = county.actor(Role.MEDIATOR)
    with scope(actor):
        assert count(actor, LedgerFilter()) == (0, False)
    with refuses("matter_not_found"):
        act(county, Role.MEDIATOR, amending.amend, matter, facts={"people": 2})


def test_one_may_step_aside_oneself_and_twice_is_once(county: SmallCounty):
    matter = registered(county)
    registrar = county.person(Role.REGISTRAR)
    act(county, Role.DIRECTOR, recuse, matter, person_id=county.person(Role.MEDIATOR).id, reason="亲属")
    act(county, Role.DIRECTOR, recuse, matter, person_id=county.person(Role.MEDIATOR).id, reason="亲属")
    act(county, Role.REGISTRAR, recuse, matter, person_id=registrar.id, reason="本人是当事人同乡")
    assert [row[0] for row in rows(Recusal, matter, "person_id")] == [
        county.person(Role.MEDIATOR).id,
        registrar.id,
    ]
    assert not sees(county, Role.REGISTRAR, matter)


def test_a_handler_steps_aside_in_every_post(county: SmallCounty):
    """The person, not the post: also as whatever else they are."""
    matter = brought_to(county, State.HANDLING)
    handler = county.person(Role.HANDLER, "labour")
    post = county.stationings[("mediator", "county")].post
    county.stationings[("mediator", "second")] = Stationing.objects.create(
        person=handler, post=post, valid_from=date(2020, 1, 1)
    )
    assert sees(county, (Role.MEDIATOR, "second"), matter)
    act(county, Role.DISPATCHER, recuse, matter, person_id=handler.id, reason="与厂长是亲属")
    assert not sees(county, LABOUR, matter)
    assert not sees(county, (Role.MEDIATOR, "second"), matter)
    assert sees(county, Role.MEDIATOR, matter)
    del county.stationings[("mediator", "second")]


def test_stepping_aside_has_a_reason(county: SmallCounty):
    matter = registered(county)
    with refuses("invalid", field="reason"):
        act(county, Role.REGISTRAR, recuse, matter, person_id=county.person(Role.MEDIATOR).id, reason=" ")


def test_no_one_of_the_body_complained_of_sees_the_complaint(county: SmallCounty):
    """Neither its handlers nor the officer whom it has sent to the window."""
    petition = county.department("petition")
    held = county.stationings[("petition_officer", "county")]
    Stationing.objects.filter(pk=held.pk).update(home_department=petition)
    county.actors.clear()
    against = registered(county, against_department=petition.id)
    other = registered(county)
    assert not sees(county, Role.PETITION_OFFICER, against)
    assert sees(county, Role.PETITION_OFFICER, other)
    assert sees(county, Role.LEGAL_OFFICER, against)


def test_nor_is_it_given_to_that_body(county: SmallCounty):
    matter = brought_to(county, State.DISPATCHING, against_department=county.department("labour").id)
    with refuses("complained_of", field="lead") as refusal:
        act(
            county,
            Role.DISPATCHER,
            dispatching.dispatch,
            matter,
            lead=county.department("labour").id,
            message="请依法处理",
        )
    assert str(refusal.value) == "不能把事项交给被反映的单位：市人社。"
    assert not sees(county, LABOUR, matter)


def test_an_officer_of_that_body_does_not_move_what_it_does_not_see(county: SmallCounty):
    petition = county.department("petition")
    Stationing.objects.filter(pk=county.stationings[("petition_officer", "county")].pk).update(
        home_department=petition
    )
    county.actors.clear()
    matter = registered(county, against_department=petition.id)
    with refuses("matter_not_found"):
        act(county, Role.PETITION_OFFICER, accepting.accept, matter)
