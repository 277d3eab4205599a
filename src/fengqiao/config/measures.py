"""Figures for Prometheus: requests by route, jobs by task, whether the database and a worker are there.

No label has anything of a matter or a person: a route is named, never addressed; a job is told by its task,
never by its arguments. The web server runs several processes, and each answer to Prometheus holds the sum of
all of them, whichever answers (config/shared_figures.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from fengqiao.config import readiness
from fengqiao.config.shared_figures import SHARED

STATES = {"todo": "waiting", "doing": "doing", "failed": "failed"}
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_own = CollectorRegistry()
_requests = Counter("fengqiao_requests", "Requests answered.", ("route", "method", "status"), registry=_own)
_seconds = Histogram(
    "fengqiao_request_seconds",
    "Time until the answer, in seconds.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=_own,
)


def count(*, route: str, method: str, status: int, seconds: float) -> None:
    """One request was answered."""
    _requests.labels(route, method if method in METHODS else "other", str(status)).inc()
    _seconds.labels(route).observe(seconds)


def exposition() -> bytes:
    """All figures in Prometheus's text format, of all processes of this run of the server."""
    if os.environ.get(SHARED):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        figures = generate_latest(registry)
    else:
        figures = generate_latest(_own)
    of_the_database = CollectorRegistry()
    of_the_database.register(_OfTheDatabase())
    return figures + generate_latest(of_the_database)


class _OfTheDatabase(Collector):
    """Asked anew at each scrape, since every process of every machine would say the same."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("fengqiao_database_up", "Whether the database answers (1) or not (0).")
        jobs = GaugeMetricFamily(
            "fengqiao_jobs",
            "Jobs in the queue (exports, signed roots, sweeping, …).",
            labels=("task", "state"),
        )
        worker = GaugeMetricFamily(
            "fengqiao_worker_silent_seconds", "Since any worker was last heard of; absent when never."
        )
        exchange = GaugeMetricFamily(
            "fengqiao_exchange",
            "Exports and imports in hand, webhooks waiting and dead (given up).",
            labels=("queue", "state"),
        )
        try:
            connection = readiness.short_connection()
        except psycopg.Error:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        with connection:
            try:
                counted = connection.execute(
                    "SELECT task_name, status::text, count(*) FROM procrastinate_jobs"
                    " WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2 ORDER BY 1, 2"
                ).fetchall()
                in_hand = connection.execute("SELECT * FROM queue_figures() ORDER BY 1, 2").fetchall()
                silence = readiness.worker_silence(connection)
            except psycopg.Error:
                return  # not migrated yet: /ready says so
        for task, status, number in counted:
            jobs.add_metric([task, STATES[status]], number)
        for queue, state, number in in_hand:
            exchange.add_metric([queue, state], number)
        if silence is not None:
            worker.add_metric([], silence)
        yield from (jobs, exchange, worker)
