"""Many at once leave the rows that one by one leave."""

import re
from datetime import date

import pytest
from django.db import connection, transaction

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.domain.registration import register, register_many
from fengqiao.matters.domain.taking_over import SettledBefore, close_as_history, take_over
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
    # Clocks run from its registration on.
    petition = NewMatter(
        title="信访", received_at=clock.now(), channel=Channel.PETITION, source="old", source_number="6"
    )
    return [rich, *plain, petition]


def all_rows():
    """Every row of every readable table of matters and audit, ids and drawn values by the order they first appear."""
    seen: dict[str, str] = {}

    def plain(value):
        if isinstance(value, memoryview | bytes):
            value = bytes(value).decode("utf-8", "backslashreplace")
        text = re.sub(r'"written": ?"[^"]*"', "written", str(value))
        text = re.sub(r'"hash": ?"[^"]*"', "hash", text)
        return UUID_IN_TEXT.sub(lambda found: seen.setdefault(found[0], f"id{len(seen)}"), text)

    tables = [
        t for t in connection.introspection.table_names() if t.startswith(("matters_", "audit_", "clocks_"))
    ]
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


def written(county, way, role=Role.REGISTRAR):
    officer, auditor = county.actor(role), county.actor(Role.AUDITOR)
    with transaction.atomic():
        with scope(officer):
            way(officer)
        with scope(officer):
            rows = {t: r for t, r in all_rows().items() if t.startswith(("matters_", "clocks_"))}
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
    assert len(single["clocks_clock"]) == 2
    assert len(single["audit_entry"]) >= 5
    assert many == single


def test_settled_rows_closed_at_once_leave_the_rows_of_one_by_one():
    county = small_county.build()
    with clock.at(clock.now()):
        pairs = [(new, SettledBefore("已经答复", clock.now())) for new in news()]

        def many_at_once(actor):
            matters = register_many(actor=actor, news=[new for new, _ in pairs])
            settled = [said for _, said in pairs]
            close_as_history(actor=actor, settled=list(zip(matters, settled, strict=True)))

        def one_by_one(actor):
            for new, settled in pairs:
                take_over(actor=actor, new=new, settled=settled)

        single = written(county, one_by_one, Role.EXCHANGE)
        many = written(county, many_at_once, Role.EXCHANGE)
    for table in ("matter", "party", "historyevent", "disposition"):
        assert single[f"matters_{table}"], table
    # What came settled has no time to run: only that it was registered first is still there.
    assert {row["state"] for row in single["clocks_clock"]} == {"void"}
    assert {row["due_at"] for row in single["matters_matter"]} == {"None"}
    assert len(single["audit_entry"]) == 12
    # One by one the links of a matter follow each other in the audit, at once those of a verb do.
    assert told(many) == told(single)


def told(rows):
    """Rows by what they say, whatever their order and the names of their ids."""
    no_order = re.compile(r'id\d+|"seq": ?\d+')
    return {
        table: sorted(
            no_order.sub("", str({n: v for n, v in row.items() if n not in ("id", "seq")})) for row in found
        )
        for table, found in rows.items()
        if table != "audit_chainhead"
    }


def test_one_wrong_row_leaves_nothing_of_the_others():
    county = small_county.build()
    actor = county.actor(Role.REGISTRAR)
    wrong = NewMatter(title="", received_at=None, channel=Channel.VISIT)
    with scope(actor), pytest.raises(Invalid):
        register_many(actor=actor, news=[*news(), wrong])
    with scope(actor):
        assert not Matter.objects.exists()
