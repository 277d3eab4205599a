"""The lock after failed sign-ins. allauth counts the failures in the cache that all processes share."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from uuid import UUID

from allauth.core.internal.ratelimit import Rate, apply_rate, get_cache_key, get_rates
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.models import Person
from fengqiao.kernel.errors import Refusal

APP, ACTION = "allauth.account", "login_failed"


def sign_in_key(username: str) -> str:
    """What failures are counted under: the name alone, whatever address of ours it was typed at."""
    return username.strip().lower()


def locked(people: Iterable[Person]) -> set[UUID]:
    """Those who have failed too often and must wait (one statement, however many are asked for)."""
    counters = {key: (person.pk, rate) for person in people for key, rate in _counters(person)}
    now = time.time()
    return {
        counters[key][0]
        for key, history in cache.get_many(counters).items()
        if not apply_rate(list(history), now, counters[key][1], dry_run=True)[0]
    }


def unlock(person: Person) -> None:
    """Lets a person try again at once; refused where nothing is locked."""
    if not locked([person]):
        raise Refusal("not_locked", _("这个账号没有被锁定。"))
    forget(person)


def forget(person: Person) -> None:
    """Forgets the person's failures, of the password and of the second factor."""
    cache.delete_many([key for key, _rate in _counters(person)])


def _counters(person: Person) -> Iterator[tuple[str, Rate]]:
    for rate in get_rates(app=APP, action=ACTION):
        if rate.per != "key":
            continue
        # The second name is the one that allauth counts wrong codes under.
        for name in (sign_in_key(person.username), f"mfa-auth-user-{person.pk}"):
            yield get_cache_key(None, app=APP, action=ACTION, rate=rate, key=name), rate
