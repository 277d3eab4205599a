"""What the owner of the tables could do to the past, and that `fengqiao audit verify` names the first broken link."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from fengqiao.audit.queries.verification import Break, verify
from fengqiao.kernel import chain
from tests.audit.conftest import Story

SOMEBODY = UUID(int=7)
CUT = 5


def broken(roots: Path | None) -> list[Break] | None:
    return verify(roots=roots).broken


def links(owner: Any, table: str, where: str, *parameters: object) -> list[tuple[int, bytes]]:
    owner.execute(f"SELECT seq, content FROM {table} WHERE {where} ORDER BY seq", parameters)
    return [(seq, bytes(content)) for seq, content in owner.fetchall()]


def forge(content: bytes) -> bytes:
    """The same act, done by somebody else."""
    said = json.loads(content)
    said["person"] = str(SOMEBODY)
    return chain.exact_bytes(said)


def rewrite(owner: Any, table: str, column: str, key: object, *, start: int) -> tuple[int, bytes]:
    """Forges one link and hashes all after it anew, so that the chain holds in itself. Returns its new end."""
    owner.execute(
        f"UPDATE {table} SET person_id = %s WHERE {column} = %s AND seq = %s", [SOMEBODY, key, start]
    )
    owner.execute(f"SELECT hash FROM {table} WHERE {column} = %s AND seq = %s", [key, start - 1])
    before = bytes(owner.fetchone()[0])
    seq = start
    for seq, content in links(owner, table, f"{column} = %s AND seq >= %s", key, start):
        written = forge(content) if seq == start else content
        digest = chain.link(before, written)
        owner.execute(
            f"UPDATE {table} SET content = %s, previous = %s, hash = %s WHERE {column} = %s AND seq = %s",
            [written, before, digest, key, seq],
        )
        before = digest
    return seq, before


# --- nothing happened ---------------------------------------------------------------------------------------


def test_untouched_chains_hold(story: Story, owner: Any) -> None:
    counted = {}
    for table in ("audit_entry", "matters_historyevent", "matters_word", "matters_matter"):
        owner.execute(f"SELECT count(*) FROM {table}")
        counted[table] = owner.fetchone()[0]
    owner.execute("SELECT count(DISTINCT chain) FROM audit_entry")
    chains = owner.fetchone()[0]
    out = StringIO()
    call_command("audit", "verify", "--roots", str(story.roots), stdout=out, no_color=True)
    assert out.getvalue().splitlines() == [
        f"audit: {counted['audit_entry']} links in {chains} chains, {chains} ends held by signed roots",
        f"history: {counted['matters_historyevent']} links of 2 matters, {counted['matters_word']} sentences",
        "all links hold",
    ]
    assert counted["matters_matter"] == 2
    # Else the attacks below would have nothing to attack.
    assert counted["audit_entry"] > CUT + 2 and counted["matters_word"] > 2


def test_the_command_names_what_is_broken_and_fails(story: Story, owner: Any) -> None:
    owner.execute("DELETE FROM audit_entry WHERE chain = %s AND seq = 3", [story.chain])
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("audit", "verify", "--roots", str(story.roots), stdout=out, no_color=True)
    assert end.value.code == 1
    assert out.getvalue().splitlines()[2:] == ["broken: 1", f"  audit {story.chain}#3: the link is missing"]
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("audit", "verify", "--json", "--roots", str(story.roots), stdout=out)
    assert json.loads(out.getvalue())["broken"] == [
        {"where": f"audit {story.chain}#3", "what": "the link is missing"}
    ]


def test_a_folder_of_roots_that_is_not_there_proves_nothing_and_is_said(story: Story, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no such folder of roots"):
        call_command("audit", "verify", "--roots", str(tmp_path / "nowhere"))


# --- the audit ----------------------------------------------------------------------------------------------


def test_a_changed_link_is_found(story: Story, owner: Any) -> None:
    [(_, content)] = links(owner, "audit_entry", "chain = %s AND seq = %s", story.chain, CUT)
    owner.execute(
        "UPDATE audit_entry SET content = %s WHERE chain = %s AND seq = %s",
        [forge(content), story.chain, CUT],
    )
    assert broken(story.roots) == [
        Break(f"audit {story.chain}#{CUT}", "the content was changed after it was hashed")
    ]


def test_a_link_that_was_changed_and_hashed_anew_is_found_by_the_next(story: Story, owner: Any) -> None:
    [(_, content)] = links(owner, "audit_entry", "chain = %s AND seq = %s", story.chain, CUT)
    owner.execute("SELECT previous FROM audit_entry WHERE chain = %s AND seq = %s", [story.chain, CUT])
    digest = chain.link(bytes(owner.fetchone()[0]), forge(content))
    owner.execute(
        "UPDATE audit_entry SET content = %s, hash = %s, person_id = %s WHERE chain = %s AND seq = %s",
        [forge(content), digest, SOMEBODY, story.chain, CUT],
    )
    assert broken(story.roots) == [
        Break(f"audit {story.chain}#{CUT + 1}", "does not continue the link before it")
    ]


def test_a_chain_that_was_written_anew_to_its_end_is_found_by_the_root(story: Story, owner: Any) -> None:
    count, digest = rewrite(owner, "audit_entry", "chain", story.chain, start=CUT)
    owner.execute("UPDATE audit_chainhead SET hash = %s WHERE chain = %s", [digest, story.chain])
    assert broken(None) == []
    assert broken(story.roots) == [
        Break(f"audit {story.chain}#{count}", "not the link that the signed root names")
    ]


@pytest.mark.parametrize("seq", [1, CUT])
def test_a_removed_link_is_found(story: Story, owner: Any, seq: int) -> None:
    owner.execute("DELETE FROM audit_entry WHERE chain = %s AND seq = %s", [story.chain, seq])
    assert broken(story.roots) == [Break(f"audit {story.chain}#{seq}", "the link is missing")]


@pytest.mark.parametrize("left", [0, CUT])
def test_a_removed_tail_is_found_by_the_root_and_by_nothing_else(story: Story, owner: Any, left: int) -> None:
    owner.execute("DELETE FROM audit_entry WHERE chain = %s AND seq > %s", [story.chain, left])
    owner.execute("SELECT hash FROM audit_entry WHERE chain = %s AND seq = %s", [story.chain, left])
    head = (owner.fetchone() or [chain.START])[0]
    owner.execute(
        "UPDATE audit_chainhead SET count = %s, hash = %s WHERE chain = %s", [left, head, story.chain]
    )
    assert [each for each in broken(None) or [] if each.where.startswith("audit")] == []
    assert [each for each in broken(story.roots) or [] if each.where.startswith("audit")] == [
        Break(
            f"audit {story.chain}#{left + 1}",
            f"the chain ends at {left}, its signed root says {story.end}: the tail was removed",
        )
    ]


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("verb", "matter.closed", "verb"),
        ("subject", "matter:somewhere", "subject"),
        ("result", "refused", "result"),
        ("role", "director", "role"),
        ("person_id", SOMEBODY, "person"),
        ("post_id", SOMEBODY, "post"),
        ("county", "440783", "county"),
        ("at", "2020-01-01T00:00:00+00:00", "at"),
    ],
)
def test_a_column_changed_beside_the_content_is_found(
    story: Story, owner: Any, column: str, value: object, named: str
) -> None:
    owner.execute(
        f"UPDATE audit_entry SET {column} = %s WHERE chain = %s AND seq = %s RETURNING subject",
        [value, story.chain, story.end],
    )
    assert owner.rowcount == 1
    assert Break(f"audit {story.chain}#{story.end}", f"columns differ from what was hashed: {named}") in (
        broken(story.roots) or []
    )
    assert [each.where for each in broken(story.roots) or [] if each.where.startswith("audit")] == [
        f"audit {story.chain}#{story.end}"
    ]


def test_bytes_that_no_link_ever_had_are_found(story: Story, owner: Any) -> None:
    owner.execute("SELECT previous FROM audit_entry WHERE chain = %s AND seq = %s", [story.chain, story.end])
    nonsense = b"\x00 no link"
    owner.execute(
        "UPDATE audit_entry SET content = %s, hash = %s WHERE chain = %s AND seq = %s",
        [nonsense, chain.link(bytes(owner.fetchone()[0]), nonsense), story.chain, story.end],
    )
    found = broken(story.roots) or []
    assert found[0] == Break(
        f"audit {story.chain}#{story.end}",
        "columns differ from what was hashed: chain, person, post, result, role, seq, subject, verb, at",
    )
    assert found[1] == Break(f"audit {story.chain}#{story.end}", "not the link that the signed root names")


# --- the history --------------------------------------------------------------------------------------------


def test_a_changed_event_is_found(story: Story, owner: Any) -> None:
    matter = story.settled
    [(_, content)] = links(owner, "matters_historyevent", "matter_id = %s AND seq = 3", matter.id)
    owner.execute(
        "UPDATE matters_historyevent SET content = %s WHERE matter_id = %s AND seq = 3",
        [forge(content), matter.id],
    )
    assert broken(story.roots) == [
        Break(f"history {matter.code}#3", "the content was changed after it was hashed")
    ]


def test_a_removed_event_is_found(story: Story, owner: Any) -> None:
    owner.execute("DELETE FROM matters_historyevent WHERE matter_id = %s AND seq = 2", [story.settled.id])
    assert broken(story.roots) == [Break(f"history {story.settled.code}#2", "the link is missing")]


def test_a_removed_tail_of_a_history_is_found_through_the_audit(story: Story, owner: Any) -> None:
    matter = story.settled
    owner.execute("SELECT max(seq) FROM matters_historyevent WHERE matter_id = %s", [matter.id])
    [end] = owner.fetchone()
    owner.execute("DELETE FROM matters_historyevent WHERE matter_id = %s AND seq > 4", [matter.id])
    owner.execute("DELETE FROM matters_word WHERE matter_id = %s AND seq > 4", [matter.id])
    owner.execute(
        "UPDATE matters_matter SET history_count = 4, history_head = "
        "(SELECT hash FROM matters_historyevent WHERE matter_id = %s AND seq = 4) WHERE id = %s",
        [matter.id, matter.id],
    )
    assert broken(story.roots) == [
        Break(f"history {matter.code}#5", f"ends at 4, the audit says {end}: tail removed")
    ]


def test_a_history_written_anew_to_its_end_is_found_through_the_audit(story: Story, owner: Any) -> None:
    matter = story.settled
    _count, digest = rewrite(owner, "matters_historyevent", "matter_id", matter.id, start=3)
    owner.execute("UPDATE matters_matter SET history_head = %s WHERE id = %s", [digest, matter.id])
    assert broken(story.roots) == [Break(f"history {matter.code}#3", "not the link that the audit names")]


def test_a_removed_history_is_found_through_the_audit(story: Story, owner: Any) -> None:
    matter = story.registered
    owner.execute("DELETE FROM matters_historyevent WHERE matter_id = %s", [matter.id])
    owner.execute(
        "UPDATE matters_matter SET history_count = 0, history_head = %s WHERE id = %s",
        [chain.START, matter.id],
    )
    assert broken(story.roots) == [
        Break(f"history {matter.id}#1", "the whole history is gone, the audit knows it")
    ]


def test_a_matter_slipped_in_without_a_history_is_found(story: Story, owner: Any) -> None:
    owner.execute(
        "INSERT INTO matters_matter SELECT (jsonb_populate_record(m, %s)).* FROM matters_matter m WHERE id = %s",
        [json.dumps({"id": str(SOMEBODY), "code": "440785-20200101-999999"}), story.registered.id],
    )
    assert broken(story.roots) == [Break("history 440785-20200101-999999#1", "a matter without a history")]


def test_a_matter_that_names_another_end_is_found(story: Story, owner: Any) -> None:
    matter = story.registered
    owner.execute("UPDATE matters_matter SET history_count = 9 WHERE id = %s", [matter.id])
    assert broken(story.roots) == [Break(f"history {matter.code}#1", "the matter names another end")]


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("type", "matter.archive", "type"),
        ("person_id", SOMEBODY, "person"),
        ("post_id", SOMEBODY, "post"),
        ("at", "2020-01-01T00:00:00+00:00", "at"),
    ],
)
def test_a_column_changed_beside_an_event_is_found(
    story: Story, owner: Any, column: str, value: object, named: str
) -> None:
    owner.execute(
        f"UPDATE matters_historyevent SET {column} = %s WHERE matter_id = %s AND seq = 2",
        [value, story.settled.id],
    )
    assert broken(story.roots) == [
        Break(f"history {story.settled.code}#2", f"columns differ from what was hashed: {named}")
    ]


def test_a_matter_moved_to_another_county_is_found(story: Story, owner: Any) -> None:
    owner.execute("UPDATE matters_matter SET county = '440783' WHERE id = %s", [story.registered.id])
    assert broken(story.roots) == [
        Break(f"history {story.registered.code}#1", "columns differ from what was hashed: county")
    ]


# --- the words ----------------------------------------------------------------------------------------------


def test_a_changed_word_is_found(story: Story, owner: Any) -> None:
    matter = story.settled
    owner.execute(
        "UPDATE matters_word SET text = '全部付清，再无争议。' WHERE matter_id = %s AND text = '对方明确拒绝调解' "
        "RETURNING seq",
        [matter.id],
    )
    [seq] = owner.fetchone()
    assert broken(story.roots) == [
        Break(f"history {matter.code}#{seq}", "the words (reason) are not those written then")
    ]


def test_a_word_put_under_another_event_is_found(story: Story, owner: Any) -> None:
    matter = story.settled
    owner.execute(
        "UPDATE matters_word SET seq = 1 WHERE matter_id = %s AND text = '对方明确拒绝调解'", [matter.id]
    )
    assert broken(story.roots) == [
        Break(f"history {matter.code}#1", "the words (reason) are not those written then")
    ]


def test_a_word_erased_by_law_breaks_nothing(story: Story, owner: Any) -> None:
    owner.execute("DELETE FROM matters_word WHERE text = '对方明确拒绝调解'")
    assert owner.rowcount == 1
    assert broken(story.roots) == []
