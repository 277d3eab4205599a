"""Who is told of what, and that nobody else reads it: an act's own transaction, one statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.db import ProgrammingError, connection, transaction

from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.clocks.domain import extending
from fengqiao.dispatch.domain import handling
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.matters.domain import sight
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain.mediating import hand_over, send_to_mediation
from fengqiao.notices.domain import reading
from fengqiao.notices.domain.telling import Addressee, NewNotice, tell
from fengqiao.notices.enums import Kind, Urgency
from fengqiao.notices.models import Notice
from fengqiao.notices.queries.inbox import COUNTED, matters_of, notices_of, unread_of
from fengqiao.places.models import Stationing
from tests.clocks.test_verbs import at, does, on, petition
from tests.dispatch.hands import HOUSING, LABOUR, NOT_OURS, dispatched, return_asked, working
from tests.dispatch.test_whistling import COURT, blown
from tests.matters.ground import act
from tests.mediation.test_mediating import all_agree
from tests.notices.inbox import inbox, kinds
from tests.small_county import SINCE, SmallCounty, brought_to

__all__ = ["petition"]
TOMORROW = date(2099, 1, 1)


def colleague(county: SmallCounty, role: Role = Role.HANDLER, place: str = "labour") -> Stationing:
    """A second person in the same post."""
    person = Person.objects.create(username="colleague", password=make_password("x"), name="同事")
    post = county.stationings[(str(role), place)].post
    return Stationing.objects.create(person=person, post=post, valid_from=SINCE)


def told(county: SmallCounty, kind: Kind = Kind.DISPATCHED, number: int = 1, **more) -> None:
    """The handler of the labour bureau is told, of no matter."""
    to = Addressee(roles={Role.HANDLER}, department_id=county.department("labour").id)
    with scope(county.actor(Role.DISPATCHER)) as actor:
        tell([NewNotice(kind=kind, to=to, county=actor.county, **more)] * number, by=actor)


# --- who is told ---
def test_a_dispatch_arrives_at_each_department_with_its_day(county: SmallCounty):
    matter = dispatched(county, assisting=["housing"], reply_by=TOMORROW)
    for who in (LABOUR, HOUSING):
        (notice,) = inbox(county, *who)
        assert (notice.kind, notice.matter_id, notice.due_on) == ("dispatched", matter.pk, TOMORROW)
        assert (notice.urgency, notice.read_at, notice.restriction) == ("routine", None, "open")
    assert kinds(county, Role.HANDLER, "police") == kinds(county, Role.DISPATCHER) == []


def test_everybody_in_the_post_is_told_and_reads_alone(county: SmallCounty):
    colleague(county)
    dispatched(county)
    (mine,) = inbox(county, *LABOUR)
    with scope(county.actor(*LABOUR)) as actor:
        reading.read(actor=actor, notice_id=mine.pk)
    with connection.cursor() as cursor, scope(county.actor(Role.DIRECTOR)):
        # Not even the director reads either of the two.
        cursor.execute("SELECT count(*) FROM notices_notice WHERE kind = 'dispatched'")
        assert cursor.fetchone() == (0,)
    other = replace(county.actor(*LABOUR), person_id=Person.objects.get(username="colleague").pk)
    with scope(other):
        (theirs,) = notices_of(other)
        assert theirs.read_at is None and theirs.pk != mine.pk


@pytest.mark.parametrize("uphold", [True, False])
def test_a_return_goes_to_who_decides_and_the_answer_to_the_departments(county: SmallCounty, uphold: bool):
    _matter, lead = return_asked(county)
    (asked,) = inbox(county, Role.DISPATCHER)
    assert (asked.kind, asked.about_id) == ("return_asked", county.department("labour").id)
    assert kinds(county, Role.DIRECTOR) == ["return_asked"]
    assert kinds(county, Role.REGISTRAR) == kinds(county, Role.DISPATCHER, "town") == []
    give_to = county.department("housing").id if uphold else None
    act(
        county,
        Role.DISPATCHER,
        handling.arbitrate,
        assignment_id=lead.id,
        uphold=uphold,
        grounds="职责分工文件第三条",
        give_to=give_to,
    )
    assert kinds(county, *LABOUR)[0] == ("return_upheld" if uphold else "return_refused")
    assert kinds(county, *HOUSING) == (["dispatched"] if uphold else [])


@pytest.mark.parametrize("approve", [True, False])
def test_an_extension_is_asked_and_decided(county: SmallCounty, approve: bool):
    _matter, lead = working(county)
    asked = act(
        county, LABOUR, handling.ask_extension, assignment_id=lead.id, until=TOMORROW, reason="需要外出调查"
    )
    assert [(n.kind, n.due_on) for n in inbox(county, Role.DISPATCHER)] == [("extension_asked", TOMORROW)]
    act(
        county,
        Role.DIRECTOR,
        handling.decide_extension,
        extension_id=asked.id,
        approve=approve,
        answer="请按期办结",
    )
    newest = inbox(county, *LABOUR)[0]
    expected = ("extension_approved", TOMORROW) if approve else ("extension_refused", None)
    assert (newest.kind, newest.due_on) == expected


@pytest.mark.parametrize("approve", [True, False])
def test_more_time_for_a_limit_is_asked_of_whom_it_names_and_answered(
    county: SmallCounty,
    petition: Matter,
    approve: bool,
):
    clock_id = on(county, petition, "petition.resolve").pk
    with clock.at(at(30)):
        asked = {"clock_id": clock_id, "n": 15, "unit": "calendar_day", "reason": "需要委托工资审计"}
        does(county, extending.ask, petition, LABOUR, **asked)
        (notice,) = inbox(county, Role.DIRECTOR)
        assert (notice.kind, notice.about_id) == ("extension_asked", county.department("labour").id)
        assert "extension_asked" not in kinds(county, *LABOUR)
        said = {"clock_id": clock_id, "approve": approve, "consent": "书面告知", "answer": "请按期办结"}
        does(county, extending.decide, petition, Role.DIRECTOR, **said)
    expected = "extension_approved" if approve else "extension_refused"
    assert inbox(county, *LABOUR)[0].kind == expected
    assert kinds(county, Role.DIRECTOR) == ["extension_asked"]


def test_a_whistle_is_urgent_with_or_without_a_matter_and_a_court_is_invited(county: SmallCounty):
    called = blown(county, "labour", "court")
    (notice,) = inbox(county, *LABOUR)
    assert (notice.kind, notice.urgency, notice.subject_id) == ("whistled", "urgent", called.pk)
    assert kinds(county, *COURT) == ["invited"]
    matter = brought_to(county, State.ACCEPTED)
    blown(county, matter=matter)
    newest = inbox(county, *LABOUR)[0]
    assert (newest.kind, newest.matter_id) == ("whistled", matter.pk)
    # Called to a matter that was not given to it: nothing of the matter is told.
    with scope(county.actor(*LABOUR)) as actor:
        assert matters_of(actor, [newest]) == {}


def test_a_matter_is_handed_to_a_mediator(county: SmallCounty):
    new = colleague(county, Role.MEDIATOR, "county").person
    matter = brought_to(county, State.ACCEPTED)
    mediator = county.person(Role.MEDIATOR)
    act(
        county,
        Role.REGISTRAR,
        send_to_mediation,
        matter,
        consents=all_agree(matter),
        mediator_id=mediator.pk,
    )
    (notice,) = inbox(county, Role.MEDIATOR)
    assert (notice.kind, notice.matter_id) == ("to_mediate", matter.pk)
    act(county, Role.MEDIATOR, hand_over, matter, mediator_id=new.pk, reason="出差")
    assert len(inbox(county, Role.MEDIATOR)) == 1
    other = replace(county.actor(Role.MEDIATOR), person_id=new.pk)
    with scope(other):
        assert [n.kind for n in notices_of(other)] == ["to_mediate"]


def test_nobody_is_told_of_their_own_act_nor_out_of_office(county: SmallCounty):
    _matter, lead = working(county)
    for held in Stationing.objects.filter(post=county.stationings[("standing_deputy", "county")].post):
        Stationing.objects.filter(pk=held.pk).update(valid_until=clock.today() - timedelta(days=1))
    Person.objects.filter(pk=county.person(Role.EXECUTIVE_DEPUTY).pk).update(is_active=False)
    act(county, LABOUR, handling.ask_return, assignment_id=lead.id, **NOT_OURS)
    assert kinds(county, *LABOUR) == ["dispatched"]
    assert kinds(county, Role.STANDING_DEPUTY) == kinds(county, Role.EXECUTIVE_DEPUTY) == []


def test_what_is_refused_tells_nobody(county: SmallCounty):
    matter = brought_to(county, State.DISPATCHING)
    with pytest.raises(Refusal):
        dispatched(county, matter=matter, lead=uuid4())
    with pytest.raises(RuntimeError), transaction.atomic():
        dispatched(county, matter=matter)
        raise RuntimeError
    assert kinds(county, *LABOUR) == []


def test_telling_takes_one_statement_for_a_whole_act(county: SmallCounty, django_assert_num_queries):
    colleague(county)
    to = [
        Addressee(roles={Role.HANDLER}, department_id=county.department(k).id) for k in ("labour", "housing")
    ]
    with scope(county.actor(Role.DISPATCHER)) as actor, django_assert_num_queries(1):
        new = [NewNotice(kind=Kind.DISPATCHED, to=each, county=actor.county) for each in to]
        assert tell(new, by=actor) == 3
    with django_assert_num_queries(0):
        assert tell([], by=actor) == 0


def test_an_urgency_of_its_own(county: SmallCounty):
    told(county, urgency=Urgency.URGENT)
    assert inbox(county, *LABOUR)[0].is_urgent


# --- who reads it ---
def test_a_restricted_matter_takes_its_notices_from_whoever_may_not_read_it(county: SmallCounty):
    matter = dispatched(county)
    assert kinds(county, *LABOUR) == ["dispatched"]
    with scope(county.actor(Role.DIRECTOR)) as director:
        sight.restrict(actor=director, matter=matter, reason="涉及未成年人", days=30)
    assert kinds(county, *LABOUR) == []
    with scope(county.actor(Role.DIRECTOR)) as director:
        sight.name_reader(
            actor=director,
            matter_id=matter.pk,
            person_id=county.person(*LABOUR).pk,
            reason="由其承办，需要查阅",
            until=clock.today() + timedelta(days=30),
        )
    assert kinds(county, *LABOUR) == ["dispatched"]
    with scope(county.actor(Role.DIRECTOR)) as director:
        sight.seal(actor=director, matter_id=matter.pk, basis="治安管理处罚法第一百三十六条")
    assert kinds(county, *LABOUR) == []


def test_the_wall_takes_a_notice_only_in_reach_and_changes_nobody_elses(county: SmallCounty):
    told(county)
    (notice,) = inbox(county, *LABOUR)
    with scope(county.actor(Role.DIRECTOR)), connection.cursor() as cursor:
        cursor.execute("UPDATE notices_notice SET read_at = now() WHERE id = %s", [notice.pk])
        assert cursor.rowcount == 0
    elsewhere = Addressee(roles={Role.HANDLER}, department_id=county.department("labour").id)
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with refused, scope(county.actor(Role.DISPATCHER, "other")) as other:
        tell([NewNotice(kind=Kind.DISPATCHED, to=elsewhere, county="440785")], by=other)
    with pytest.raises(ProgrammingError, match="permission denied"), scope(county.actor(*LABOUR)):
        Notice.objects.filter(pk=notice.pk).update(kind=Kind.WHISTLED)
    assert inbox(county, *LABOUR) == [notice]


def test_read_once_and_never_for_another(county: SmallCounty):
    told(county, number=3)
    newest, second, oldest = inbox(county, *LABOUR)
    with scope(county.actor(*LABOUR)) as actor:
        first = reading.read(actor=actor, notice_id=second.pk).read_at
        assert reading.read(actor=actor, notice_id=second.pk).read_at == first is not None
        assert reading.read_all(actor=actor, newest=second.pk) == 1
        assert unread_of(actor) == 1
    for who in (HOUSING, (Role.DIRECTOR, "county")):
        with scope(county.actor(*who)) as actor, pytest.raises(NotAllowed):
            reading.read(actor=actor, notice_id=newest.pk)
    assert [n.read_at is None for n in inbox(county, *LABOUR)] == [True, False, False]


def test_the_unread_are_counted_to_a_hundred(county: SmallCounty, django_assert_num_queries):
    told(county, number=COUNTED + 5)
    with scope(county.actor(*LABOUR)) as actor, django_assert_num_queries(1):
        assert unread_of(actor) == COUNTED + 1


def test_identifiers_of_a_notice_are_in_order_of_time(county: SmallCounty):
    told(county)
    told(county, kind=Kind.WHISTLED)
    newest, oldest = inbox(county, *LABOUR)
    assert (newest.kind, oldest.kind) == ("whistled", "dispatched")
    assert newest.pk.version == oldest.pk.version == 7


def test_what_was_read_long_ago_is_removed(county: SmallCounty):
    told(county, number=4)
    with scope(county.actor(*LABOUR)), connection.cursor() as cursor:
        old = [n.pk for n in notices_of(county.actor(*LABOUR))]
        cursor.execute(
            "UPDATE notices_notice SET read_at = now() - interval '179 days' WHERE id = %s", [old[0]]
        )
        cursor.execute(
            "UPDATE notices_notice SET read_at = now() - interval '181 days' WHERE id = %s", [old[1]]
        )
    assert reading.forget_old() == 1
    assert [n.pk for n in inbox(county, *LABOUR)] == [old[0], old[2], old[3]]


def test_a_notice_holds_no_words_of_anybody():
    """Codes, references and days: no column could hold what somebody wrote."""
    written = {
        f.name for f in Notice._meta.get_fields() if f.get_internal_type() in ("TextField", "JSONField")
    }
    short = {f.name: f.max_length for f in Notice._meta.fields if f.get_internal_type() == "CharField"}
    assert written == set()
    assert short == {"county": 6, "restriction": 10, "kind": 24, "urgency": 8}
