"""A protected value is shown whole only with a reason, after the audit of it has been written."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.flows.procedure import unmask
from fengqiao.kernel.errors import Invalid, NotAllowed
from fengqiao.matters.domain.move import locked
from fengqiao.matters.enums import ContactKind
from fengqiao.matters.models import HistoryEvent, Matter, Party, PartyContact, Word
from tests import small_county
from tests.small_county import RESIDENT_IDS, SmallCounty

REASON = "核对劳动合同上的身份证号"


@pytest.fixture
def county(committed_db: None) -> SmallCounty:
    with transaction.atomic():
        return small_county.build()


@pytest.fixture
def matter(county: SmallCounty) -> Matter:
    return small_county.registered(county)


@pytest.fixture
def party(county: SmallCounty, matter: Matter) -> Party:
    with scope(county.actor(Role.REGISTRAR)):
        return Party.objects.get(matter=matter, name="黄某某")


def audited() -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT verb, subject, result, content FROM audit_entry ORDER BY chain, seq")
        return [(*row[:3], json.loads(bytes(row[3]))["details"]) for row in cursor.fetchall()]


def test_the_reason_stands_in_the_matters_history_and_the_audit_names_its_link(
    county: SmallCounty, matter: Matter, party: Party
) -> None:
    mediator = county.actor(Role.MEDIATOR)
    assert unmask(actor=mediator, what="identity", row_id=party.id, reason=f" {REASON} ") == RESIDENT_IDS[0]
    with scope(county.actor(Role.DIRECTOR)):
        event = HistoryEvent.objects.get(matter=matter, type="party.unmasked")
        [word] = Word.objects.filter(matter=matter, seq=event.seq)
        after = Matter.objects.get(pk=matter.pk)
    assert (word.kind, word.text) == ("reason", REASON)
    said = json.loads(bytes(event.content))
    assert said["parameters"] == {"row": str(party.id), "field": "identity"}
    assert (event.seq, event.person_id, event.post_id) == (2, mediator.person_id, mediator.post_id)
    assert (after.history_count, bytes(after.history_head)) == (2, bytes(event.hash))
    assert audited()[-1] == (
        "party.unmasked",
        f"matter:{matter.id}",
        "done",
        {
            "row": str(party.id),
            "field": "identity",
            "seq": 2,
            "hash": bytes(event.hash).hex(),
            "code": matter.code,
        },
    )
    # The sentence may name people: it stands in no chain, nor does the number.
    for text in (bytes(event.content).decode(), json.dumps(audited(), ensure_ascii=False)):
        assert REASON not in text and RESIDENT_IDS[0] not in text


def test_whoever_has_the_page_open_can_still_save(county: SmallCounty, matter: Matter, party: Party) -> None:
    opened = matter.version
    unmask(actor=county.actor(Role.MEDIATOR), what="identity", row_id=party.id, reason=REASON)
    registrar = county.actor(Role.REGISTRAR)
    with scope(registrar):
        assert locked(actor=registrar, matter_id=matter.id, version=opened).version == opened


@pytest.mark.parametrize(
    ("kind", "value"), [(ContactKind.PHONE, "13800000001"), (ContactKind.ADDRESS, "恩平市沙湖镇某村1号")]
)
def test_a_phone_and_an_address_are_shown_the_same_way(
    county: SmallCounty, matter: Matter, party: Party, kind: ContactKind, value: str
) -> None:
    registrar = county.actor(Role.REGISTRAR)
    with scope(registrar):
        contact = PartyContact.objects.get(party=party, kind=kind)
    assert unmask(actor=registrar, what="contact", row_id=contact.id, reason="按登记的方式联系") == value
    verb, _subject, _result, details = audited()[-1]
    assert (verb, details["row"], details["field"]) == ("party.unmasked", str(contact.id), str(kind))


@pytest.mark.parametrize(
    ("role", "place", "reason", "code"),
    [
        (Role.REGISTRAR, "county", "查看", "invalid"),
        (Role.REGISTRAR, "county", "   \t  ", "invalid"),
        (Role.REGISTRAR, "county", "长" * 5001, "invalid"),
        (Role.SUPERVISOR, "county", REASON, "may_not_unmask"),
        (Role.AUDITOR, "county", REASON, "may_not_unmask"),
        (Role.SECURITY_ADMINISTRATOR, "county", REASON, "may_not_unmask"),
        (Role.DIRECTOR, "other", REASON, "matter_not_found"),
        (Role.HANDLER, "labour", REASON, "matter_not_found"),
    ],
)
def test_a_refused_unmasking_shows_nothing_and_is_audited(
    county: SmallCounty, matter: Matter, party: Party, role: Role, place: str, reason: str, code: str
) -> None:
    actor = county.actor(role, place)
    told = audited()
    with pytest.raises((Invalid, NotAllowed)) as refusal:
        unmask(actor=actor, what="identity", row_id=party.id, reason=reason)
    assert refusal.value.code == code
    assert RESIDENT_IDS[0] not in str(refusal.value)
    field = "reason" if code == "invalid" else None
    assert [each for each in audited() if each not in told] == [
        ("party.unmask", f"identity:{party.id}", "refused", {"code": code, "field": field})
    ]
    with scope(county.actor(Role.REGISTRAR)):
        assert list(HistoryEvent.objects.values_list("type", flat=True)) == ["matter.registered"]
        assert list(Word.objects.all()) == []


def test_what_cannot_be_audited_is_not_shown(county: SmallCounty, party: Party) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f'REVOKE INSERT ON audit_entry FROM "{connection.settings_dict["USER"]}"')
    shown = None
    with pytest.raises(DatabaseError) as failure:
        shown = unmask(actor=county.actor(Role.REGISTRAR), what="identity", row_id=party.id, reason=REASON)
    assert isinstance(failure.value.__cause__, psycopg.errors.InsufficientPrivilege)
    assert shown is None
    with scope(county.actor(Role.REGISTRAR)):
        assert list(HistoryEvent.objects.values_list("type", flat=True)) == ["matter.registered"]
