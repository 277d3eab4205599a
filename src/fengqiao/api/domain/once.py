"""Carrying a request out once: its key and its answer are kept in the transaction of the work itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.api.models import AnsweredRequest
from fengqiao.kernel import clock, crypto
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.models import Matter

# The lock is taken or not, never waited for; the row is looked for in the same statement. Whoever gets the
# lock just when the first one commits may not see its row yet: the constraint then refuses the second.
LOOK = """
    SELECT pg_try_advisory_xact_lock(%s), known.digest, known.answer
    FROM (SELECT 1) AS one LEFT JOIN api_answeredrequest known
      ON known.county = %s AND known.person_id = %s AND known.client = %s AND known.key = %s
"""
ONCE = "answered_once"


class Answered(Exception):
    """The request was carried out before; ``answer`` is what it was told then. Nothing is written now."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__("answered")
        self.answer = answer


def in_progress() -> Refusal:
    """The same key is being worked on at this moment."""
    return Refusal(
        "in_progress", _("同一个 Idempotency-Key 的请求正在办理，请稍后再取结果。"), field="Idempotency-Key"
    )


@dataclass
class OnceByKey:
    """The ``flows.once.Once`` of a request: its caller, its key, and what it asks for."""

    actor: Actor
    client: str
    key: str
    asked: Any

    def __post_init__(self) -> None:
        self.answer: dict[str, Any] = {}
        # As values and not as bytes: a program that writes the same values again means the same request.
        plain = json.dumps([str(self.actor.post_id), self.asked], sort_keys=True, ensure_ascii=True)
        keys = crypto.Keyring.load(settings.KEYRING)
        # While keys rotate, what was answered before the change stands under the older one.
        self.digests = crypto.blind_indexes(keys, county=self.actor.county, kind="request", value=plain)
        self.digest = crypto.blind_index(keys, county=self.actor.county, kind="request", value=plain)

    def begin(self) -> None:
        """Raises ``Answered`` with the answer of the first time, ``Refusal`` while another is at it, and
        ``Invalid`` where the key was used for something else."""
        with connection.cursor() as cursor:
            cursor.execute(LOOK, [self._lock(), *self._whose()])
            free, digest, answer = cursor.fetchone()
        if digest is not None:
            if not any(crypto.same(digest, each) for each in self.digests):
                sentence = _("这个 Idempotency-Key 已经用于另一个请求。")
                raise Invalid({"Idempotency-Key": sentence}, code="key_used_otherwise")
            raise Answered(answer if isinstance(answer, dict) else json.loads(answer))
        if not free:
            raise in_progress()

    def end(self, matter: Matter) -> None:
        """Keeps the answer: the matter's code and where it stands now."""
        self.keep({name: getattr(matter, name) for name in ("code", "version", "state", "step")})

    def keep(self, answer: Mapping[str, Any]) -> None:
        """Keeps the answer: references and codes, never what was sent."""
        self.answer = dict(answer)
        AnsweredRequest.objects.create(
            county=self.actor.county,
            person_id=self.actor.person_id,
            client=self.client,
            key=self.key,
            digest=self.digest,
            answer=self.answer,
            answered_at=clock.now(),
        )

    def part(self, name: str) -> OnceByKey:
        """The same request for one of the many things that it is about: carried out and answered by itself."""
        key = crypto.sm3(b"api-once-part", f"{self.key}|{name}".encode()).hex()
        return OnceByKey(self.actor, self.client, key, [self.asked, name])

    def _whose(self) -> tuple[str, UUID, str, str]:
        return self.actor.county, self.actor.person_id, self.client, self.key

    def _lock(self) -> int:
        name = "|".join(map(str, self._whose())).encode()
        return int.from_bytes(crypto.sm3(b"api-once", name)[:8], "big", signed=True)


def forget_old_answers() -> int:
    """Removes answers a day after they were given; how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers_forget()")
        return int(cursor.fetchone()[0])
