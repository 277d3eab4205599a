"""Events go out signed, at least once, and nothing that was acknowledged is lost; a real receiver answers."""

import ipaddress
import json
from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks import Webhook, WebhookVerificationError

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.exchange import sending
from fengqiao.exchange.domain import delivering, subscribing
from fengqiao.exchange.domain.telling import TYPE_OF
from fengqiao.exchange.enums import EventType
from fengqiao.exchange.models import Delivery, Subscription
from fengqiao.exchange.tasks import queue_due_webhooks, sweep_deliveries
from fengqiao.flows import procedure, registering
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.registration import register_many
from fengqiao.matters.domain.sight import restrict
from fengqiao.matters.domain.taking_over import SettledBefore, take_over
from fengqiao.matters.enums import Action
from fengqiao.places.models import Stationing
from tests import small_county
from tests.exchange.hooks import due_now, jobs, rows, send, statuses, subscribed
from tests.exchange.receiver import Receiver, receiving
from tests.small_county import SmallCounty, registered, wages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def this_machine(settings) -> None:
    """The receiver listens on this machine: only where the operator names it may it be sent to."""
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def test_an_event_arrives_signed_and_tells_of_no_person(county, receiver):
    subscription, secret = subscribed(county, receiver, EventType.REGISTERED)
    matter = registered(county)
    assert jobs() == [{"subscription": str(subscription.pk), "county": "440785"}]
    send(subscription)
    [(headers, body)] = receiver.got
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    event = Webhook(secret).verify(body, headers)
    [row] = rows(subscription)
    assert event == {
        "specversion": "1.0",
        "id": str(row.id),
        "source": "/counties/440785",
        "type": "fengqiao.matter.registered",
        "subject": matter.code,
        "time": row.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {
            "county": "440785",
            "code": matter.code,
            "sequence": 1,
            "step": "register",
            "state": "registered",
            "place": "440785000000",
        },
    }
    assert headers["webhook-id"] == str(row.id)
    assert statuses(subscription) == [("done", 1, 200, "")]
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body.replace(b"registered", b"registerex"), headers)
    send(subscription)
    assert len(receiver.got) == 1


def test_each_move_is_told_to_who_subscribed_to_it(county, receiver):
    subscription, _secret = subscribed(county, receiver)
    some, _other_secret = subscribed(county, receiver, EventType.DISPATCHED, EventType.CHECKED_IN)
    matter = small_county.brought_to(county, "handling")
    told = [row.type for row in rows(subscription)]
    assert told[:2] == ["matter.registered", "matter.accepted"]
    assert {"matter.assessed", "matter.routed", "matter.dispatched", "matter.step_changed"} <= set(told)
    assert [row.type for row in rows(some)] == ["matter.dispatched"]
    send(subscription)
    sequences = [json.loads(body)["data"]["sequence"] for _headers, body in receiver.got]
    assert sequences == sorted(sequences)
    assert {json.loads(body)["subject"] for _headers, body in receiver.got} == {matter.code}


def test_every_event_has_a_source_in_the_history():
    assert set(TYPE_OF.values()) | {EventType.STEP_CHANGED} == set(EventType)
    actions = {key.removeprefix("matter.") for key in TYPE_OF if key.startswith("matter.")}
    assert actions - {"registered"} <= set(Action.values)


def test_what_is_taken_back_is_told_to_nobody(county, receiver):
    subscription, _secret = subscribed(county, receiver)
    with pytest.raises(Invalid):
        registering.register(actor=county.actor(Role.REGISTRAR), new=wages(title=""))
    matter = registered(county)
    with pytest.raises(Refusal):
        procedure.act(
            actor=county.actor(Role.REGISTRAR),
            matter_id=matter.id,
            action=Action.ACCEPT,
            values={},
            version=matter.version + 7,
        )
    assert [row.type for row in rows(subscription)] == ["matter.registered"]
    assert len(jobs()) == 1


def test_many_registered_at_once_are_one_statement_and_one_job(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    actor = county.actor(Role.EXCHANGE)
    with scope(actor):
        register_many(actor=actor, news=[wages(title=f"第{number}件") for number in range(7)])
    assert (len(rows(subscription)), len(jobs())) == (7, 1)
    send(subscription)
    assert len(set(receiver.ids)) == 7


def test_restricted_matters_are_told_to_nobody(county, receiver):
    subscription, _secret = subscribed(county, receiver)
    registered(county, confidential=True)
    assert rows(subscription) == []
    matter = registered(county)
    director = county.actor(Role.DIRECTOR)
    with scope(director):
        restrict(actor=director, matter=matter, reason="涉及未成年人", days=30)
    send(subscription)
    assert (receiver.got, [status for status, *_rest in statuses(subscription)]) == ([], ["withheld"])


def test_rows_of_the_past_are_no_news_but_what_is_done_with_them_is(county, receiver):
    subscription, _secret = subscribed(county, receiver)
    actor = county.actor(Role.EXCHANGE)
    settled = SettledBefore(text="已经化解", at=clock.now())
    with scope(actor):
        matter = take_over(actor=actor, new=wages(source="old", source_number="1"), settled=settled)
    send(subscription)
    assert (receiver.got, [status for status, *_rest in statuses(subscription)]) == ([], ["withheld"])
    director = county.actor(Role.DIRECTOR)
    procedure.act(
        actor=director,
        matter_id=matter.id,
        action=Action.ARCHIVE,
        values={},
        version=None,
    )
    send(subscription)
    assert [json.loads(body)["type"] for _headers, body in receiver.got] == ["fengqiao.matter.archived"]


def test_a_post_is_told_what_it_sees_and_no_more(county, receiver):
    town, _secret = subscribed(county, receiver, EventType.REGISTERED, place="town")
    registered(county, division="440785102201")
    registered(county, division="", grid="", title="县城里的事")
    send(town)
    assert [status for status, *_rest in statuses(town)] == ["done", "withheld"]


def test_what_a_post_does_not_see_holds_up_nothing_behind_it(county, receiver, monkeypatch):
    monkeypatch.setattr(delivering, "LOOKED_AT", 2)
    town, _secret = subscribed(county, receiver, EventType.REGISTERED, place="town")
    for number in range(5):
        registered(county, division="", grid="", title=f"县城第{number}件")
    registered(county, division="440785102201", title="镇上的事")
    send(town)
    assert [status for status, *_rest in statuses(town)] == ["withheld"] * 5 + ["done"]


def test_another_county_is_told_nothing(county, receiver):
    other, _secret = subscribed(county, receiver, place="other")
    registered(county)
    assert rows(other) == []


def test_the_same_event_comes_again_after_a_failure_with_the_same_id(county, receiver):
    subscription, secret = subscribed(county, receiver, EventType.REGISTERED)
    receiver.answers = [500, 503, 200]
    registered(county)
    send(subscription)
    assert statuses(subscription) == [("waiting", 1, 500, "answer")]
    # It is left to rest: another job does not try.
    send(subscription)
    assert len(receiver.got) == 1
    due_now(subscription)
    send(subscription)
    due_now(subscription)
    send(subscription)
    assert statuses(subscription) == [("done", 3, 200, "")]
    assert len(set(receiver.ids)) == 1
    assert len({body for _headers, body in receiver.got}) == 1
    for headers, body in receiver.got:
        Webhook(secret).verify(body, headers)


def test_a_rest_ends_with_a_job_of_its_own(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    receiver.usual = 500
    registered(county, title="甲")
    registered(county, title="乙")
    send(subscription)
    with scope(delivering.clerk("440785")):
        rest = Subscription.objects.get().resting_until
    later = ProcrastinateJob.objects.filter(task_name="exchange.send_webhooks").latest("id")
    assert later.scheduled_at == rest


def test_a_receiver_that_took_it_and_did_not_say_so_gets_it_twice_with_one_id(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    receiver.answers = [receiver.drop, 200]
    registered(county)
    send(subscription)
    assert statuses(subscription) == [("waiting", 1, None, "interrupted")]
    due_now(subscription)
    send(subscription)
    assert (len(receiver.ids), len(set(receiver.ids))) == (2, 1)
    assert statuses(subscription) == [("done", 2, 200, "")]


def test_a_receiver_that_hangs_holds_one_job_for_seconds_and_then_rests(county, receiver, monkeypatch):
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.3)
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    receiver.usual = receiver.hang
    for number in range(3):
        registered(county, title=f"第{number}件")
    send(subscription)
    # The other two were not even tried.
    assert statuses(subscription) == [
        ("waiting", 1, None, "timeout"),
        ("waiting", 0, None, ""),
        ("waiting", 0, None, ""),
    ]
    assert len(receiver.got) == 1
    receiver.freed.set()
    receiver.usual = 200
    due_now(subscription)
    send(subscription)
    assert [status for status, *_rest in statuses(subscription)] == ["done"] * 3


def test_a_receiver_that_drips_its_answer_is_left_too(county, receiver, monkeypatch):
    monkeypatch.setattr(sending, "WHOLE_SECONDS", 0.3)
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)

    def drip(handler) -> None:
        for letter in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100:
            if receiver.freed.wait(0.1):
                return
            handler.wfile.write(bytes([letter]))

    receiver.answers = [drip]
    registered(county)
    send(subscription)
    assert statuses(subscription) == [("waiting", 1, None, "timeout")]


def test_an_event_that_is_not_liked_holds_nothing_up(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    receiver.answers = [422, 200]
    registered(county, title="甲")
    registered(county, title="乙")
    send(subscription)
    assert sorted(statuses(subscription)) == [("done", 1, 200, ""), ("waiting", 1, 422, "answer")]


def test_after_a_day_and_a_half_it_is_a_dead_letter_and_can_be_sent_again(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    receiver.usual = 500
    for number in range(3):
        registered(county, title=f"第{number}件")
    send(subscription)
    with scope(delivering.clerk("440785")):
        Delivery.objects.update(give_up_at=timezone.now())
    due_now(subscription)
    send(subscription)
    assert {status for status, *_rest in statuses(subscription)} == {"dead"}
    sent = len(receiver.got)
    due_now(subscription)
    send(subscription)
    assert len(receiver.got) == sent
    receiver.usual = 200
    keeper = county.actor(Role.SECURITY_ADMINISTRATOR)
    one = rows(subscription)[0]
    assert subscribing.resend(actor=keeper, subscription_id=subscription.pk, delivery_id=one.pk) == 1
    send(subscription)
    assert (receiver.ids[-1], len(receiver.got)) == (str(one.pk), sent + 1)
    assert subscribing.resend(actor=keeper, subscription_id=subscription.pk) == 2
    send(subscription)
    assert {status for status, *_rest in statuses(subscription)} == {"done"}
    with pytest.raises(Refusal) as nothing:
        subscribing.resend(actor=keeper, subscription_id=subscription.pk)
    assert nothing.value.code == "nothing_to_resend"


def test_tries_come_further_and_further_apart(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    receiver.usual = 500
    registered(county)
    waits = []
    for _try in range(9):
        due_now(subscription)
        send(subscription)
        [row] = rows(subscription)
        waits.append((row.due_at - row.tried_at).total_seconds())
    for wait, usual in zip(waits, (*delivering.DELAYS, delivering.DELAYS[-1]), strict=True):
        assert 0.8 * usual <= wait <= 1.2 * usual + 5


def test_gone_ends_the_subscription(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    receiver.usual = 410
    registered(county, title="甲")
    registered(county, title="乙")
    send(subscription)
    assert len(receiver.got) == 1
    assert sorted(statuses(subscription)) == [("dead", 0, None, "ended"), ("dead", 1, 410, "answer")]
    with scope(county.actor(Role.AUDITOR)):
        assert Entry.objects.filter(verb="webhook.end", subject=f"webhook:{subscription.pk}").count() == 1
    registered(county, title="丙")
    assert len(rows(subscription)) == 2


def test_a_redirect_is_not_followed(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    receiver.answers = [307]
    registered(county)
    send(subscription)
    assert (len(receiver.got), statuses(subscription)) == (1, [("waiting", 1, 307, "redirect")])


def test_nobody_there_and_no_such_name(county, receiver):
    with receiving() as closed:
        pass
    nowhere, _secret = subscribed(county, closed, EventType.REGISTERED)
    nameless, _other = subscribed(
        county, receiver, EventType.REGISTERED, address="https://receiver.invalid/hooks"
    )
    registered(county)
    send(nowhere)
    send(nameless)
    assert statuses(nowhere) == [("waiting", 1, None, "unreachable")]
    assert statuses(nameless) == [("waiting", 1, None, "unknown_host")]


def test_plain_http_spoken_where_tls_is_expected_is_not_trusted(county, receiver):
    subscription, _secret = subscribed(
        county, receiver, EventType.REGISTERED, address=f"https://127.0.0.1:{receiver.port}/"
    )
    registered(county)
    send(subscription)
    assert statuses(subscription) == [("waiting", 1, None, "not_trusted")]
    assert receiver.got == []


def test_an_address_inside_is_not_connected_to_whatever_its_name(county, receiver, settings):
    subscription, _secret = subscribed(
        county, receiver, EventType.REGISTERED, address=f"http://localhost:{receiver.port}/"
    )
    settings.WEBHOOK_NETWORKS = []
    registered(county)
    send(subscription)
    assert (receiver.got, statuses(subscription)) == ([], [("waiting", 1, None, "forbidden_address")])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"types": ()}, "types"),
        ({"types": ("matter.everything",)}, "types"),
        ({"stationing_id": None}, "stationing_id"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(county, receiver, changes, field):
    with pytest.raises(Invalid) as invalid:
        subscribed(county, receiver, **changes)
    assert list(invalid.value.errors) == [field]


def test_only_the_countys_own_security_administrator_keeps_them(county, receiver):
    subscription, _secret = subscribed(county, receiver)
    others = [
        (county.actor(Role.SECURITY_ADMINISTRATOR, "other"), NotAllowed),
        (county.actor(Role.SYSTEM_ADMINISTRATOR), NotAllowed),
        (county.actor(Role.DIRECTOR), NotAllowed),
        (county.actor(Role.EXCHANGE), NotAllowed),
    ]
    for actor, refusal in others:
        for act in (subscribing.end, subscribing.resend, subscribing.send_test):
            with pytest.raises(refusal):
                act(actor=actor, subscription_id=subscription.pk)
    with scope(delivering.clerk("440785")):
        assert Subscription.objects.filter(ended_at=None).count() == 1


def test_the_wall_keeps_other_counties_out(county, receiver):
    subscription, _secret = subscribed(county, receiver)
    registered(county)
    with scope(county.actor(Role.SECURITY_ADMINISTRATOR, "other")):
        assert (Subscription.objects.count(), Delivery.objects.count()) == (0, 0)
        assert Subscription.objects.filter(pk=subscription.pk).update(busy_until=timezone.now()) == 0
    with scope(county.actor(Role.SECURITY_ADMINISTRATOR)):
        assert (Subscription.objects.count(), Delivery.objects.count()) == (1, 1)


def test_the_secret_is_kept_encrypted(county, receiver):
    subscription, secret = subscribed(county, receiver)
    assert secret.startswith("whsec_")
    assert secret.removeprefix("whsec_").encode() not in bytes(subscription.secret)
    assert delivering.secret_of(subscription) == secret


def test_a_post_that_ended_is_told_nothing_until_it_is_held_again(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    registered(county)
    held = Stationing.objects.filter(pk=county.stationings[str(Role.EXCHANGE), "county"].pk)
    held.update(valid_until=clock.today() - timedelta(days=1))
    send(subscription)
    assert (receiver.got, statuses(subscription)) == ([], [("waiting", 1, None, "post_ended")])
    held.update(valid_until=None)
    due_now(subscription)
    send(subscription)
    assert statuses(subscription) == [("done", 2, 200, "")]


def test_ending_it_sends_nothing_more(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    registered(county)
    keeper = county.actor(Role.SECURITY_ADMINISTRATOR)
    subscribing.end(actor=keeper, subscription_id=subscription.pk)
    send(subscription)
    registered(county, title="之后")
    assert (receiver.got, statuses(subscription)) == ([], [("dead", 0, None, "ended")])
    for act in (subscribing.end, subscribing.resend, subscribing.send_test):
        with pytest.raises(Refusal) as over:
            act(actor=keeper, subscription_id=subscription.pk)
        assert over.value.code == "subscription_ended"


def test_a_test_event_is_signed_and_tells_of_nothing(county, receiver):
    subscription, secret = subscribed(county, receiver, EventType.REGISTERED)
    keeper = county.actor(Role.SECURITY_ADMINISTRATOR)
    made = subscribing.send_test(actor=keeper, subscription_id=subscription.pk)
    send(subscription)
    event = Webhook(secret).verify(receiver.got[0][1], receiver.got[0][0])
    assert (event["type"], event["data"], event["id"]) == (
        "fengqiao.test",
        {"county": "440785"},
        str(made.pk),
    )
    receiver.usual = 500
    subscribing.send_test(actor=keeper, subscription_id=subscription.pk)
    send(subscription)
    assert [status for status, *_rest in statuses(subscription)] == ["done", "dead"]


def test_a_job_that_was_lost_is_found_again(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    registered(county)
    ProcrastinateJob.objects.filter(task_name="exchange.send_webhooks")._raw_delete("default")
    queue_due_webhooks(0)
    assert jobs() == [{"subscription": str(subscription.pk), "county": "440785"}]
    send(subscription)
    assert len(receiver.got) == 1
    queue_due_webhooks(0)
    assert len(jobs()) == 1


def test_two_jobs_at_once_send_it_once(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    registered(county)
    with scope(delivering.clerk("440785")):
        Subscription.objects.update(busy_until=timezone.now() + timedelta(seconds=30))
    send(subscription)
    assert receiver.got == []
    due_now(subscription)
    send(subscription)
    assert len(receiver.got) == 1


def test_a_delivery_is_swept_after_a_month_and_a_dead_letter_after_half_a_year(county, receiver):
    subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    registered(county, title="甲")
    send(subscription)
    receiver.usual = 410
    registered(county, title="乙")
    send(subscription)
    with scope(delivering.clerk("440785")):
        Delivery.objects.filter(status="done").update(done_at=timezone.now() - timedelta(days=29))
    sweep_deliveries(0)
    assert len(rows(subscription)) == 2
    with scope(delivering.clerk("440785")):
        Delivery.objects.filter(status="done").update(done_at=timezone.now() - timedelta(days=31))
    sweep_deliveries(0)
    assert [status for status, *_rest in statuses(subscription)] == ["dead"]
