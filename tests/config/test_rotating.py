"""Keys rotate while people work: stopped and begun again, all is readable and found, and nothing old is left."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.conf import settings as configured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections, models

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.api.domain.once import Answered, OnceByKey
from fengqiao.audit.models import Entry
from fengqiao.audit.queries.verification import verify
from fengqiao.config import rotating
from fengqiao.exchange.domain import bad_rows
from fengqiao.exchange.domain.carrying_out import SAMPLE_PART
from fengqiao.exchange.domain.delivering import secret_of
from fengqiao.exchange.models import BadRow, ImportRun, Subscription
from fengqiao.files.domain.storing import content_of, store
from fengqiao.files.models import StoredFile
from fengqiao.kernel import clock, crypto, keyring_file
from fengqiao.kernel.crypto import Keyring
from fengqiao.kernel.errors import Invalid
from fengqiao.kernel.ids import new_id
from fengqiao.matters.models import Party, PartyContact
from fengqiao.matters.queries import ledger
from fengqiao.places.domain import enrolments
from fengqiao.places.domain.enrolments import NewPerson
from fengqiao.places.models import Enrolment
from tests import small_county
from tests.files.samples import PDF, PNG
from tests.small_county import RESIDENT_IDS, SmallCounty

pytestmark = pytest.mark.usefixtures("committed_db")

IN_USE = {"k2", "index 2"}


@pytest.fixture(autouse=True)
def own_keys_and_files(tmp_path: Path, settings) -> Path:
    settings.KEYRING = tmp_path / "keys" / "keyring.json"
    Keyring.create(settings.KEYRING)
    files = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "files")},
    }
    settings.STORAGES = settings.STORAGES | {"default": files}
    return tmp_path


@pytest.fixture
def county() -> SmallCounty:
    """Matters open, restricted and sealed; files, a telephone, a second factor and its recovery codes."""
    made = small_county.build()
    for _number in range(3):
        small_county.registered(made)
    dispatcher = made.actor(Role.DISPATCHER)
    for restrict in (
        "SELECT matter_restrict(%s, ARRAY[]::uuid[], CURRENT_DATE, '涉及未成年人')",
        "SELECT matter_seal(%s, '未成年人保护法')",
    ):
        hidden = small_county.registered(made)
        with scope(dispatcher), connections["default"].cursor() as cursor:
            cursor.execute(restrict, [hidden.pk])
    with scope(dispatcher):
        store(county="440785", name="协议.pdf", content=PDF)
        store(county="440785", name="照片.png", content=PNG)
    keeper = made.actor(Role.SYSTEM_ADMINISTRATOR)
    with scope(keeper):
        enrolments.enter(actor=keeper, new=NewPerson("岑小暖", "cen", telephone="13800138000"))
    post = made.stationings[(str(Role.EXCHANGE), "county")]
    key = new_id()
    sealed = crypto.protect(
        Keyring.load(configured.KEYRING), county="440785", row=str(key), field="secret", value="whsec_x"
    )
    with scope(made.actor(Role.EXCHANGE)):
        Subscription.objects.create(
            id=key,
            county="440785",
            stationing=post,
            name="台账",
            address="https://receiver.invalid/",
            types=[],
            secret=sealed,
            made_at=clock.now(),
            made_by=made.person(Role.SECURITY_ADMINISTRATOR),
        )
    registrar = made.actor(Role.REGISTRAR)
    with scope(registrar):
        run = ImportRun(
            county="440785", person_id=registrar.person_id, post_id=registrar.post_id, name="台账"
        )
        run.sample = bad_rows.sealed(run, SAMPLE_PART, [["黄某某"]])
        run.uploaded_at = run.touched_at = run.expires_at = clock.now()
        run.save()
        sealed = bad_rows.sealed(run, "7", {"cells": ["陈某某"]})
        BadRow.objects.create(county="440785", person_id=registrar.person_id, run=run, line=7, sealed=sealed)
    TOTP.activate(made.person(Role.DIRECTOR), generate_totp_secret())
    RecoveryCodes.activate(made.person(Role.DIRECTOR))
    return made


def keys_in_use() -> set[str]:
    return {key for by_key in rotating.use_by_place().values() for key in by_key}


def values() -> dict[str, Any]:
    """Every protected value of every matter, read as the owner: the walls hide some of them from everybody."""
    keys = Keyring.load(configured.KEYRING)
    found = {
        f"{p.pk}": crypto.reveal(
            keys, county=p.county, row=str(p.pk), field="identity", protected=bytes(p.identity or b"")
        )
        for p in Party.objects.using("owner").exclude(identity=None)
    }
    for c in PartyContact.objects.using("owner"):
        found[str(c.pk)] = crypto.reveal(
            keys, county=c.county, row=str(c.pk), field=c.kind, protected=bytes(c.value)
        )
    for e in Enrolment.objects.using("owner"):
        found[str(e.pk)] = enrolments.masked_telephone(e)
    for s in Subscription.objects.using("owner"):
        found[str(s.pk)] = secret_of(s)
    for run in ImportRun.objects.using("owner"):
        found[str(run.pk)] = bad_rows.opened(run, SAMPLE_PART, bytes(run.sample or b""))
        for bad in BadRow.objects.using("owner").filter(run_id=run.pk):
            found[str(bad.pk)] = bad_rows.opened(run, str(bad.line), bytes(bad.sealed))
    return found


def found_by(county: SmallCounty, number: str) -> int:
    actor = county.actor(Role.REGISTRAR)
    with scope(actor):
        return ledger.count(actor, ledger.LedgerFilter(q=number))[0]


def waited(path: Path) -> None:
    """As if the key had come into use long ago."""
    raw = json.loads(path.read_text())
    raw["since"] = dict.fromkeys(raw["since"], "2026-01-01T00:00:00+00:00")
    path.write_text(json.dumps(raw))


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("keys", *arguments, stdout=out)
    return out.getvalue()


def audited() -> list[str]:
    found = Entry.objects.using("owner").filter(verb__startswith="keys.").order_by("chain", "seq")
    return list(found.values_list("verb", flat=True))


def test_rotated_stopped_and_begun_again_all_is_readable_and_found(county, settings):
    before, numbers = values(), (RESIDENT_IDS[0], "13800000001")
    found = {number: found_by(county, number) for number in numbers}
    assert found == dict.fromkeys(numbers, 3)
    codes = RecoveryCodes.activate(county.person(Role.DIRECTOR)).generate_codes()
    assert keys_in_use() == {"k1", "index 1"}
    keyring_file.add_key(settings.KEYRING)
    # Added is not used: other machines may not have it yet.
    small_county.registered(county)
    assert keys_in_use() == {"k1", "index 1"}
    keyring_file.use_newest(settings.KEYRING)
    before |= values()
    assert keys_in_use() == {"k1", "index 1"}
    steps = rotating.protect_anew(batch=2)
    for _step in range(3):
        next(steps)
        assert values() == before
        assert {n: found_by(county, n) for n in numbers} == dict.fromkeys(numbers, 4)
    # Killed: what the running step had not committed is as it was.
    steps.close()
    assert keys_in_use() == {"k1", "k2", "index 1", "index 2"}
    assert rotating.in_the_way()
    assert list(rotating.protect_anew(batch=2))
    assert keys_in_use() == IN_USE
    assert list(rotating.protect_anew()) == []
    assert values() == before
    waited(settings.KEYRING)
    assert rotating.in_the_way() == []
    keyring_file.drop_others(settings.KEYRING)
    assert set(Keyring.load(settings.KEYRING).data_keys) == {"k2"}
    assert values() == before
    assert {n: found_by(county, n) for n in numbers} == dict.fromkeys(numbers, 4)
    with scope(county.actor(Role.REGISTRAR)):
        assert {content_of(each) for each in StoredFile.objects.all()} == {PDF, PNG}
    assert RecoveryCodes.activate(county.person(Role.DIRECTOR)).generate_codes() == codes
    assert verify(roots=settings.AUDIT_ROOTS).broken == []


def test_who_registers_meanwhile_is_not_kept_waiting_and_finds_what_is_there(county, settings):
    over, wrong, made = threading.Event(), [], []

    def register() -> None:
        try:
            while not over.is_set():
                made.append(small_county.registered(county).pk)
                assert found_by(county, "13800000001") >= 3
        except BaseException as trouble:  # noqa: BLE001  told to the test
            wrong.append(trouble)
        finally:
            connections.close_all()

    window = threading.Thread(target=register)
    window.start()
    try:
        while len(made) < 2:
            assert window.is_alive(), wrong
        keyring_file.add_key(settings.KEYRING)
        keyring_file.use_newest(settings.KEYRING)
        steps = rotating.protect_anew(batch=1)
        for _step in range(4):
            next(steps)
        steps.close()
        assert list(rotating.protect_anew(batch=3))
        enough = len(made) + 2
        while len(made) < enough:
            assert window.is_alive(), wrong
    finally:
        over.set()
        window.join(60)
    assert wrong == []
    # Whoever had read the keyring just before it changed may have written with the old key.
    list(rotating.protect_anew())
    assert keys_in_use() == IN_USE
    assert found_by(county, "13800000001") == 3 + len(made)
    assert verify(roots=settings.AUDIT_ROOTS).broken == []


def test_the_commands_say_what_they_do_and_the_audit_keeps_it(county, settings):
    assert json.loads(told("status", "--json"))["use"]["matters_partycontact.value"] == {
        "k1": 15,
        "index 1": 15,
    }
    assert told("retire") == "k1 is the only key\n"
    assert "k2 is in the keyring and not in use" in told("add")
    assert "k2 is in use" in told("rotate", "--batch", "4")
    assert set(Keyring.load(settings.KEYRING).data_keys) == {"k1", "k2"}
    with pytest.raises(CommandError, match="less than 10 minutes ago"):
        told("retire")
    waited(settings.KEYRING)
    # A value that somebody restored or wrote with the old key keeps it in the keyring.
    keys = Keyring.load(settings.KEYRING)
    enrolment = Enrolment.objects.get()
    old = crypto.Keyring(**(keys.__dict__ | {"current": "k1"}))
    sealed = crypto.protect(
        old, county="440785", row=str(enrolment.pk), field="telephone", value="13900139000"
    )
    Enrolment.objects.update(telephone=sealed)
    with pytest.raises(CommandError, match="places_enrolment.telephone: 1 with k1"):
        told("retire")
    assert set(Keyring.load(settings.KEYRING).data_keys) == {"k1", "k2"}
    assert "going on with k2" in told("rotate")
    assert "retired: k1" in told("retire")
    assert enrolments.masked_telephone(Enrolment.objects.get()) == "139******00"
    assert audited() == ["keys.added", "keys.used", "keys.rotated", "keys.rotated", "keys.retired"]


def test_the_keys_are_not_retired_under_a_transaction_that_may_still_use_them(county, settings, monkeypatch):
    keyring_file.add_key(settings.KEYRING)
    keyring_file.use_newest(settings.KEYRING)
    list(rotating.protect_anew())
    waited(settings.KEYRING)
    monkeypatch.setattr(rotating, "LONGEST_TRANSACTION", timedelta(0))
    for alias in ("default", "owner"):
        other = connections[alias].copy()
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1")
            assert ["long transaction" in reason for reason in rotating.in_the_way()] == [True]
            cursor.execute("ROLLBACK")
        other.close()
    assert rotating.in_the_way() == []


def test_a_request_answered_before_the_change_is_known_after_it_and_keeps_its_key(county, settings):
    actor = county.actor(Role.EXCHANGE)
    matter = small_county.registered(county)
    asked = {"actor": actor, "client": "m", "key": "one", "asked": {"title": "欠薪"}}
    with scope(actor):
        OnceByKey(**asked).end(matter)
    keyring_file.add_key(settings.KEYRING)
    keyring_file.use_newest(settings.KEYRING)
    list(rotating.protect_anew())
    with pytest.raises(Answered), scope(actor):
        OnceByKey(**asked).begin()
    with pytest.raises(Invalid), scope(actor):
        OnceByKey(**(asked | {"asked": {"title": "漏水"}})).begin()
    waited(settings.KEYRING)
    assert rotating.in_the_way() == ["api_answeredrequest.digest: 1 with index 1"]


def test_two_at_once_are_refused(county, settings):
    keyring_file.add_key(settings.KEYRING)
    keyring_file.use_newest(settings.KEYRING)
    steps = rotating.protect_anew(batch=1)
    next(steps)
    came: list[BaseException] = []

    def second() -> None:
        try:
            next(rotating.protect_anew())
        except rotating.NotNow as refused:
            came.append(refused)
        finally:
            connections.close_all()

    other = threading.Thread(target=second)
    other.start()
    other.join(30)
    steps.close()
    assert [type(each) for each in came] == [rotating.NotNow]


def test_a_keyring_from_before_keys_could_rotate_is_read_and_changed(settings):
    path = settings.KEYRING
    raw = json.loads(path.read_text())
    raw["index_key"] = raw.pop("index_keys")["1"]
    path.write_text(json.dumps(raw))
    old = Keyring.load(path)
    where = {"county": "440785", "kind": "phone", "value": "13800000001"}
    index = crypto.blind_index(old, **where)
    keyring_file.add_key(path)
    new = keyring_file.use_newest(path)
    assert (new.current, new.index_version, path.stat().st_mode & 0o777) == ("k2", 2, 0o600)
    assert crypto.blind_indexes(new, **where)[1] == index
    assert crypto.blind_index(new, **where)[0] == 2


# Bytes that no key protects: digests, links of chains, salts.
NOT_PROTECTED = {
    # Shown to everybody.
    "pool_brandroom.picture",
    # A form with its fields, and nobody in it.
    "dossier_formtemplate.content",
    "audit_chainhead.hash",
    "audit_entry.content",
    "audit_entry.hash",
    "audit_entry.previous",
    "matters_historyevent.content",
    "matters_historyevent.hash",
    "matters_historyevent.previous",
    "matters_matter.history_head",
    "matters_word.salt",
}


def test_every_column_of_bytes_rotates_or_is_known_to_need_none():
    """A new protected column that is not in ``rotating.PLACES`` would be lost when its key retires."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("fengqiao.")]
    columns = {
        f"{model._meta.db_table}.{field.column}"
        for model in ours
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField)
    }
    rotated = {str(place) for place in (*rotating.PLACES, *rotating.FADING)}
    rotated |= {f"{place.table}.{place.index}" for place in rotating.PLACES if place.index}
    assert columns == rotated | NOT_PROTECTED
    assert Authenticator._meta.db_table == "mfa_authenticator"
