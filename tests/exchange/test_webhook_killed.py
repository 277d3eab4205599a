"""A worker dies between sending an event and writing that down; what an administrator does holds no work up."""

import ipaddress
import os
import signal
import threading

from django.db import connection, connections, transaction

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain import subscribing
from fengqiao.exchange.enums import EventType
from fengqiao.exchange.tasks import queue_due_webhooks
from tests import small_county
from tests.exchange.hooks import due_now, jobs, rows, send, statuses, subscribed
from tests.exchange.receiver import receiving
from tests.small_county import registered


def test_it_is_sent_again_with_the_same_id(committed_db, settings):
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    county = small_county.build()
    with receiving() as receiver:
        subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
        registered(county)
        receiver.answers = [receiver.hang]
        connections.close_all()
        worker = os.fork()
        if worker == 0:  # pragma: no cover  this process dies in the middle of it
            try:
                send(subscription)
            finally:
                os._exit(0)
        assert receiver.came.wait(20)
        os.kill(worker, signal.SIGKILL)
        assert os.waitpid(worker, 0)[1] == signal.SIGKILL
        # It is not lost, and says that nobody knows whether it arrived.
        assert statuses(subscription) == [("waiting", 1, None, "interrupted")]
        send(subscription)
        assert len(receiver.got) == 1, "the dead worker's lease still runs"
        due_now(subscription)
        before = len(jobs())
        queue_due_webhooks(0)
        assert len(jobs()) == before + 1
        send(subscription)
        assert (len(receiver.ids), len(set(receiver.ids))) == (2, 1)
        assert statuses(subscription) == [("done", 2, 200, "")]


def test_the_work_goes_on_while_an_administrator_works_at_the_subscription(committed_db, settings):
    """Both write into one chain of the audit: whoever waited for the other's row here would wait for ever."""
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    county = small_county.build()
    with receiving() as receiver:
        subscription, _secret = subscribed(county, receiver, EventType.REGISTERED)
    at_work, done = threading.Event(), threading.Event()
    trouble: list[BaseException] = []

    def register_two() -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '20s'")
                # The first holds the chain's end until the transaction is over.
                registered(county, title="甲")
                at_work.set()
                assert done.wait(20)
                registered(county, title="乙")
        except BaseException as wrong:
            trouble.append(wrong)
        finally:
            connections.close_all()

    work = threading.Thread(target=register_two)
    work.start()
    assert at_work.wait(20)
    keeper = county.actor(Role.SECURITY_ADMINISTRATOR)
    with transaction.atomic(), scope(keeper):
        subscribing._running(keeper, subscription.pk)
        done.set()
        work.join(30)
        assert not work.is_alive()
    assert trouble == []
    assert len(rows(subscription)) == 2
