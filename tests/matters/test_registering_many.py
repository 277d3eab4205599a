"""Many at once leave the rows that one by one leave."""

import re
from datetime import date

import pytest
from django.db import connection, transaction

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain.registering_many import register_many
from fengqiao.matters.domain.registration import register
from fengqiao.matters.enums import (
    Channel,
    ClaimKind,
    IdentityKind,
    OutsideSystem,
    PartyRole,
    ProcedureKind,
)
from fengqiao.matters.intake import NewClaim, NewMatter, NewOutsideNumber, NewParty, NewProcedure
from fengqiao.matters.models import Matter
from tests import small_county

pytestmark = pytest.mark.django_db

UUID_IN_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Made of ids, nonces, salts and real time: different in every writing.
DRAWN = {
    "audit_entry": {"hash", "previous"},
    "audit_chainhead": {"hash"},
    "matters_matter": {"history_head"},
    "matters_party": {"identity"},
    "matters_partycontact": {"value"},
    "matters_historyevent": {"hash", "previous"},
}


def news():
    rich = NewMatter(
        title="欠薪",
        account="工地欠三个月工资",
        received_at=clock.now(),
        channel=Channel.VISIT,
        happened_on=date(2026, 1, 2),
        address="和平路 1 号",
        claims=(NewClaim(list(ClaimKind)[0], "要工资"), NewClaim(list(ClaimKind)[1], "要说法")),
        parties=(
            NewParty(
                name="代理人", agent_for=1, agent_power="委托书", phones=("13800000001",), addresses=("东街",)
            ),
            NewParty(
                name="王一",
                identity_kind=IdentityKind.PASSPORT,
                identity="E12345678",
                phones=("13800000002",),
            ),
            NewParty(role=PartyRole.RESPONDENT, name="某公司"),
        ),
        procedures=(NewProcedure(list(ProcedureKind)[0], number="1 号", body="法院"),),
        outside_numbers=(NewOutsideNumber(list(OutsideSystem)[0], "A1"),),
        source="old",
        source_number="1",
    )
    plain = [
        NewMatter(
            title=f"第 {n} 件",
            received_at=None,
            channel=Channel.VISIT,
            source="old",
            source_number=str(n),
        )
        for n in range(2, 6)
    ]
    return [rich, *plain]


def all_rows():
    """Every row of every readable table of matters and audit, ids and drawn values by the order they first appear."""
    seen: dict[str, str] = {}

    def plain(value):
        if isinstance(value, memoryview | bytes):
            value = bytes(value).decode("utf-8", "backslashreplace")
        text = re.sub(r'"written": ?"[^"]*"', "written", str(value))
        text = re.sub(r'"hash": ?"[^"]*"', "hash", text)
        return UUID_IN_TEXT.sub(lambda found: seen.setdefault(found[0], f"id{len(seen)}"), text)

    tables = [t for t in connection.introspection.table_names() if t.startswith(("matters_", "audit_"))]
    rows = {}
    with connection.cursor() as cursor:
        for table in sorted(tables, key=lambda t: (t != "matters_matter", t != "matters_party", t)):
            # Seals and the counter are the database's own; what they do shows in codes and restrictions.
            cursor.execute("SELECT has_table_privilege(%s, 'select')", [table])
            if cursor.fetchone() == (False,):
                continue
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            names = [column.name for column in cursor.description]
            order = {"matters_matter": "code", "matters_party": "place"}.get(table)
            found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            if order:
                found.sort(key=lambda row: row[order])
            else:
                found.sort(key=lambda row: str(row.get("seq", "")).zfill(9) + str(row.get("id", "")))
            rows[table] = [
                {n: plain(v) for n, v in row.items() if n not in DRAWN.get(table, ())} for row in found
            ]
    return rows


def written(county, way):
    officer, auditor = county.actor(Role.REGISTRAR), county.actor(Role.AUDITOR)
    with transaction.atomic():
        with scope(officer):
            way(officer)
        with scope(officer):
            rows = {t: r for t, r in all_rows().items() if t.startswith("matters_")}
        with scope(auditor):
            rows |= {t: r for t, r in all_rows().items() if t.startswith("audit_")}
        transaction.set_rollback(True)
    return rows


def test_many_at_once_leave_the_rows_of_one_by_one():
    county = small_county.build()
    with clock.at(clock.now()):
        given = news()
        single = written(county, lambda actor: [register(actor=actor, new=new) for new in given])
        many = written(county, lambda actor: register_many(actor=actor, news=given))
    for table in ("matter", "party", "partycontact", "claim", "procedure", "outsidenumber", "historyevent"):
        assert single[f"matters_{table}"], table
    assert len(single["audit_entry"]) >= 5
    assert many == single


def test_one_wrong_row_leaves_nothing_of_the_others():
    county = small_county.build()
    actor = county.actor(Role.REGISTRAR)
    wrong = NewMatter(title="", received_at=None, channel=Channel.VISIT)
    with scope(actor), pytest.raises(Invalid):
        register_many(actor=actor, news=[*news(), wrong])
    with scope(actor):
        assert not Matter.objects.exists()
