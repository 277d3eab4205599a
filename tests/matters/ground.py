"""What the stories of a matter share: acting in one line, and proof that a refusal changed nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import attempt
from fengqiao.audit.enums import Result
from fengqiao.audit.models import Entry
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.models import HistoryEvent, Matter, Word
from tests import small_county
from tests.small_county import SmallCounty

ROOMS = (
    "matters",
    "dispatch",
    "clocks",
    "mediation",
    "pool",
    "agreements",
    "referrals",
    "confirmation",
    "counsel",
    "dossier",
    "supervision",
    "leading",
    "reviews",
    "reporting",
    "study",
    "files",
)
TABLES = sorted(model._meta.db_table for model in apps.get_models() if model._meta.app_label in ROOMS)
# Whose walls stand open to every county; only restricted rows stay hidden.
EVERYWHERE = Actor(
    person_id=UUID(int=1),
    name="",
    role=Role.DIRECTOR,
    county="440700",
    counties=("440700", "440783", "440785"),
)
# Reads the audit of all counties.
AUDITING = Actor(
    person_id=UUID(int=1),
    name="",
    role=Role.AUDITOR,
    county="440700",
    audit_counties=("440700", "440783", "440785"),
)


@pytest.fixture(scope="module")
def laid(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SmallCounty]:
    """The county, built once for a module in a transaction that is taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_county.build()
        transaction.set_rollback(True)


@pytest.fixture
def county(laid: SmallCounty) -> Iterator[SmallCounty]:
    """The county for one test, which leaves it as it was."""
    with transaction.atomic():
        yield laid
        laid.actors.clear()
        transaction.set_rollback(True)


@pytest.fixture
def disk(tmp_path: Path, settings: Any) -> Path:
    """A folder of its own for attachments, so that what is on the disk can be counted."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    return tmp_path


def traces() -> dict[str, str]:
    """The digest of all rows of every table of a matter, as the running scope or everybody's sees them."""
    each = " UNION ALL ".join(
        f"SELECT '{table}', count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') "
        f"FROM {table} t"
        for table in TABLES
    )
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(each)
        return dict(cursor.fetchall())


def last_audited() -> Entry:
    """The newest link of the audit, of whichever county."""
    with scope(AUDITING):
        return Entry.objects.order_by("id").last()


def act(
    county: SmallCounty,
    who: tuple[Role, str] | Role,
    verb: Callable[..., Any],
    matter: Matter | None = None,
    **values: Any,
) -> Any:
    """Lets somebody carry out a verb of domain/, on a matter where one is given."""
    role, place = who if isinstance(who, tuple) else (who, "county")
    actor = county.actor(role, place)
    if matter is not None:
        values["matter_id"] = matter.pk
    with attempt(actor, verb=verb.__name__):
        return verb(actor=actor, **values)


@contextmanager
def refuses(code: str, *, field: str | None = None) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The block is refused with this code, changes nothing and is audited."""
    before = traces()
    with pytest.raises(Refusal) as refusal:
        yield refusal
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert traces() == before
    audited = last_audited()
    assert audited.result == Result.REFUSED
    assert refusal.value.audited
    assert f'"code":"{code}"'.encode() in bytes(audited.content)


def fresh(county: SmallCounty, matter: Matter, who: tuple[Role, str] | Role = Role.DIRECTOR) -> Matter:
    """The matter's row as somebody sees it now."""
    role, place = who if isinstance(who, tuple) else (who, "county")
    actor = county.actor(role, place)
    with scope(actor):
        return Matter.objects.visible_to(actor).get(pk=matter.pk)


def sees(county: SmallCounty, who: tuple[Role, str] | Role, matter: Matter) -> bool:
    role, place = who if isinstance(who, tuple) else (who, "county")
    actor = county.actor(role, place)
    with scope(actor):
        return Matter.objects.visible_to(actor).filter(pk=matter.pk).exists()


def told(matter: Matter) -> list[str]:
    """The types of the matter's history, in order."""
    with scope(EVERYWHERE):
        return list(
            HistoryEvent.objects.filter(matter_id=matter.pk).order_by("seq").values_list("type", flat=True)
        )


def words(matter: Matter) -> dict[str, str]:
    """What was written with the newest event, by kind."""
    with scope(EVERYWHERE):
        last = HistoryEvent.objects.filter(matter_id=matter.pk).order_by("seq").last()
        return dict(Word.objects.filter(matter_id=matter.pk, seq=last.seq).values_list("kind", "text"))


def rows(model: Any, matter: Matter, *fields: str) -> list[tuple[Any, ...]]:
    """Columns of a matter's records of one kind, oldest first."""
    with scope(EVERYWHERE):
        return list(model.objects.filter(matter_id=matter.pk).order_by("pk").values_list(*fields))
