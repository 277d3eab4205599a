"""Identity numbers, phones and addresses: unreadable in the tables, found by the blind index, shown masked."""

from __future__ import annotations

import pytest
from django.db import connection

from fengqiao.accounts.enums import ADMINISTRATORS, CENTRE_ROLES, Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel.crypto import Tampered
from fengqiao.matters.domain import protection
from fengqiao.matters.domain.registration import register
from fengqiao.matters.domain.unmasking import unmask_contact, unmask_identity
from fengqiao.matters.enums import ContactKind, IdentityKind, PartyRole, State
from fengqiao.matters.intake import NewParty
from fengqiao.matters.models import Matter, Party, PartyContact
from fengqiao.matters.queries.ledger import LedgerFilter, matching
from fengqiao.matters.queries.record import parties_shown
from fengqiao.matters.queries.similar import similar_to
from tests.matters.ground import AUDITING, EVERYWHERE, TABLES, act, last_audited, refuses, told, words
from tests.small_county import RESIDENT_IDS, SmallCounty, brought_to, registered, wages

PHONE, ADDRESS = "13800000001", "恩平市沙湖镇某村1号"
HANDLER = (Role.HANDLER, "labour")


def party_of(matter: Matter, place: int = 0) -> Party:
    with scope(EVERYWHERE):
        return matter.parties.get(place=place)


def contact_of(matter: Matter, kind: ContactKind) -> PartyContact:
    with scope(EVERYWHERE):
        return PartyContact.objects.get(matter_id=matter.pk, kind=kind, party__place=0)


def found(county: SmallCounty, number: str, who=(Role.REGISTRAR, "county"), **filters) -> list[str]:
    actor = county.actor(*who)
    with scope(actor):
        wanted = LedgerFilter(**({"party": number} | filters))
        return sorted(matching(actor, wanted).values_list("code", flat=True))


# --- in the tables ------------------------------------------------------------------------------------------
def test_no_table_of_a_matter_holds_them_in_the_clear(county: SmallCounty):
    """Raw SQL over every row of every table of matters, dispatches, mediations and the audit."""
    brought_to(county, State.ARCHIVED)
    for reader, tables in ((EVERYWHERE, TABLES), (AUDITING, ["audit_entry"])):
        with scope(reader), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"SELECT t::text FROM {table} t")
                text = "\n".join(row[0] for row in cursor.fetchall())
                for secret in (RESIDENT_IDS[0], PHONE, ADDRESS, "13800000002"):
                    assert secret not in text, table
                    assert secret.encode().hex() not in text, table


def test_the_tables_are_read_at_all(county: SmallCounty):
    """The proof above would hold in an empty database."""
    brought_to(county, State.ARCHIVED)
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM matters_partycontact")
        assert cursor.fetchone() == (3,)
        cursor.execute("SELECT string_agg(t::text, '') FROM matters_party t")
        assert "黄某某" in cursor.fetchone()[0]


def test_a_value_moved_to_another_row_is_noticed(county: SmallCounty):
    first, second = registered(county), registered(county)
    moved = party_of(first)
    with pytest.raises(Tampered):
        protection.reveal(
            county="440785",
            row=party_of(second).pk,
            field="identity",
            protected=bytes(moved.identity),
        )
    value = protection.reveal(
        county="440785", row=moved.pk, field="identity", protected=bytes(moved.identity)
    )
    assert value == RESIDENT_IDS[0]


def test_who_showed_no_document_has_neither_number_nor_index(county: SmallCounty):
    respondent = party_of(registered(county), 1)
    assert (respondent.identity_kind, respondent.identity, respondent.identity_index) == ("none", None, None)


def test_contacts_are_kept_in_one_spelling(county: SmallCounty):
    phones = ("+86 138-0000-0001", "＋1 (415) 555 0100")
    matter = act(
        county,
        Role.REGISTRAR,
        register,
        new=wages(parties=(NewParty(name="黄某某", phones=phones, addresses=(f" {ADDRESS} ", "")),)),
    )
    with scope(EVERYWHERE):
        kept = sorted(
            protection.reveal(county="440785", row=c.pk, field=c.kind, protected=bytes(c.value))
            for c in PartyContact.objects.filter(matter_id=matter.pk)
        )
    assert kept == ["+14155550100", PHONE, ADDRESS]


# --- found --------------------------------------------------------------------------------------------------
def test_the_same_number_is_found_whatever_its_spelling_and_kind_of_document(county: SmallCounty):
    """Somebody who once showed a passport and once a permit with that number is the same number."""

    def taken(kind: IdentityKind, identity: str) -> Matter:
        parties = (NewParty(name="黄某某", identity_kind=kind, identity=identity),)
        return act(county, Role.REGISTRAR, register, new=wages(parties=parties))

    passport = taken(IdentityKind.PASSPORT, "h0 1234-56789")
    permit = taken(IdentityKind.HK_MACAO, "Ｈ０１２３４５６７８９")
    other = taken(IdentityKind.HK_MACAO, "H01234567")
    assert found(county, "H0 1234 56789") == sorted([passport.code, permit.code])
    assert found(county, "H01234567") == [other.code]
    assert found(county, "H0123456") == []


def test_found_by_phone_of_any_party(county: SmallCounty):
    matter = registered(county)
    assert found(county, " 138 0000 0001") == [matter.code]
    assert found(county, "+8613800000002") == [matter.code]
    assert found(county, "1380000000") == []


def test_the_search_field_takes_a_number_too(county: SmallCounty):
    matter = registered(county)
    assert found(county, "", q=RESIDENT_IDS[0]) == [matter.code]
    assert found(county, "", q="138-0000-0001") == [matter.code]
    assert found(county, "", q=RESIDENT_IDS[1]) == []


def test_each_county_finds_its_own_and_the_city_all(county: SmallCounty):
    here = registered(county)
    there = registered(county, "other", division="", grid="")
    assert found(county, RESIDENT_IDS[0]) == [here.code]
    assert found(county, RESIDENT_IDS[0], (Role.REGISTRAR, "other")) == [there.code]
    assert found(county, RESIDENT_IDS[0], (Role.DIRECTOR, "city")) == sorted([here.code, there.code])
    with scope(EVERYWHERE):
        indexes = {
            bytes(i) for i in Party.objects.exclude(identity=None).values_list("identity_index", flat=True)
        }
    assert len(indexes) == 2


def test_a_number_is_never_part_of_an_address(county: SmallCounty):
    """The address of a page lands in histories and logs: the party's number is left out of it."""
    wanted = LedgerFilter(party=RESIDENT_IDS[0], step="register")
    assert wanted.as_query() == {"step": "register"}


def similar(county: SmallCounty, **asked) -> list[tuple[str, bool]]:
    actor = county.actor(Role.REGISTRAR)
    with scope(actor):
        return [
            (s.matter.code, s.same_party)
            for s in similar_to(actor, **({"identities": [], "phones": []} | asked))
        ]


def test_open_matters_of_the_same_party_and_place_are_shown_while_typing(county: SmallCounty):
    closed = brought_to(county, State.CLOSED)
    first = registered(county)
    place = registered(
        county, parties=(NewParty(name="别人", phones=("13900000009",)),), address="工业二路 18 号"
    )
    assert closed.state == "closed"
    assert similar(county, identities=[RESIDENT_IDS[0]]) == [(first.code, True)]
    assert similar(county, phones=["138 0000 0002"]) == [(first.code, True)]
    at_place = {"division": "440785102201", "address": "工业二路（18）号"}
    assert similar(county, **at_place) == [(place.code, False), (first.code, False)]
    assert similar(county, phones=[PHONE], **at_place) == [(first.code, True), (place.code, False)]
    assert similar(county, phones=[PHONE], but=first.pk, **at_place) == [(place.code, False)]
    assert similar(county, phones=["1380"], identities=["4407"]) == []
    assert similar(county, division="440785102201", address="") == []


def test_at_most_six_similar_matters(county: SmallCounty):
    codes = [registered(county).code for _ in range(8)]
    newest = [(code, True) for code in reversed(codes[2:])]
    assert similar(county, phones=[PHONE], division="440785102201", address="工业二路18号") == newest


# --- shown --------------------------------------------------------------------------------------------------
def test_the_page_shows_them_masked(county: SmallCounty):
    matter = registered(county)
    with scope(EVERYWHERE):
        first, second = parties_shown(matter)
    assert first.identity.text == "4407*************4"
    assert sorted(c.text for c in first.contacts) == ["138******01", "恩平市沙湖*****"]
    assert (second.identity, [c.text for c in second.contacts]) == (None, ["138******02"])


@pytest.mark.parametrize(
    ("kind", "number", "shown"),
    [
        (IdentityKind.RESIDENT_ID, "440785193001010014", "4407*************4"),
        (IdentityKind.CREDIT_CODE, "91350100M000100Y43", "91350100********43"),
        (IdentityKind.PASSPORT, "G12345678", "G******78"),
        (IdentityKind.HK_MACAO, "H01234567", "H******67"),
        (IdentityKind.TAIWAN, "01234567", "0*****67"),
    ],
)
def test_masked_by_kind(kind, number, shown):
    assert protection.masked_identity(kind, number) == shown


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (ContactKind.PHONE, "13800000001", "138******01"),
        (ContactKind.PHONE, "12345", "*****"),
        (ContactKind.ADDRESS, "恩平市沙湖镇某村1号", "恩平市沙湖*****"),
        (ContactKind.ADDRESS, "恩平市东门社区解放路二十二号三楼", "恩平市东门社**********"),
        (ContactKind.ADDRESS, "某村", "某*"),
    ],
)
def test_masked_contact(kind, value, shown):
    assert protection.masked_contact(kind, value) == shown


# --- unmasked -----------------------------------------------------------------------------------------------
REASON = "核对身份，办理法律援助"


def test_unmasked_with_a_reason_that_is_written_down_first(county: SmallCounty):
    matter = registered(county)
    number = act(county, Role.REGISTRAR, unmask_identity, party_id=party_of(matter).pk, reason=REASON)
    assert number == RESIDENT_IDS[0]
    audited = last_audited()
    assert (audited.verb, audited.result, audited.subject, audited.person_id) == (
        "party.unmasked",
        "done",
        f"matter:{matter.pk}",
        county.person(Role.REGISTRAR).id,
    )
    assert b'"field":"identity"' in bytes(audited.content)
    assert REASON.encode() not in bytes(audited.content)
    assert told(matter)[-1] == "party.unmasked"
    assert words(matter) == {"reason": REASON}


def test_phone_and_address_unmasked(county: SmallCounty):
    matter = registered(county)
    for kind, value in ((ContactKind.PHONE, PHONE), (ContactKind.ADDRESS, ADDRESS)):
        row = contact_of(matter, kind)
        assert act(county, Role.MEDIATOR, unmask_contact, contact_id=row.pk, reason=REASON) == value
        assert f'"field":"{kind}"'.encode() in bytes(last_audited().content)


@pytest.mark.parametrize("role", sorted(CENTRE_ROLES))
def test_every_post_of_the_centre_may_ask(county: SmallCounty, role):
    matter = registered(county)
    assert act(county, role, unmask_identity, party_id=party_of(matter).pk, reason=REASON) == RESIDENT_IDS[0]


def test_a_handler_may_ask_once_the_matter_is_in_hand(county: SmallCounty):
    matter = registered(county)
    with refuses("matter_not_found"):
        act(county, HANDLER, unmask_identity, party_id=party_of(matter).pk, reason=REASON)
    handed = brought_to(county, State.HANDLING)
    value = act(county, HANDLER, unmask_contact, contact_id=contact_of(handed, "phone").pk, reason=REASON)
    assert value == PHONE


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.EXCHANGE])
def test_who_may_not_ask(county: SmallCounty, role):
    matter = registered(county)
    with refuses("may_not_unmask"):
        act(county, role, unmask_identity, party_id=party_of(matter).pk, reason=REASON)


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_an_administrator_never(county: SmallCounty, role):
    matter = registered(county)
    with refuses("may_not_unmask"):
        act(county, role, unmask_contact, contact_id=contact_of(matter, "phone").pk, reason=REASON)


def test_nobody_across_the_wall(county: SmallCounty):
    matter = registered(county)
    for who in ((Role.REGISTRAR, "other"), (Role.HANDLER, "other")):
        with refuses("matter_not_found"):
            act(county, who, unmask_identity, party_id=party_of(matter).pk, reason=REASON)


@pytest.mark.parametrize("reason", ["", "   ", "看看", "\x00" * 5])
def test_no_reason_no_number(county: SmallCounty, reason):
    matter = registered(county)
    with refuses("invalid", field="reason"):
        act(county, Role.REGISTRAR, unmask_identity, party_id=party_of(matter).pk, reason=reason)


def test_a_party_without_a_number_has_none_to_show(county: SmallCounty):
    matter = registered(county)
    with refuses("matter_not_found"):
        act(county, Role.REGISTRAR, unmask_identity, party_id=party_of(matter, 1).pk, reason=REASON)


def test_an_agent_is_found_by_number_too(county: SmallCounty):
    parties = (
        NewParty(name="黄某某"),
        NewParty(
            name="代理人",
            role=PartyRole.PETITIONER,
            agent_for=0,
            agent_power="委托书",
            identity_kind=IdentityKind.RESIDENT_ID,
            identity=RESIDENT_IDS[2],
        ),
    )
    matter = registered(county, parties=parties)
    assert found(county, RESIDENT_IDS[2]) == [matter.code]
