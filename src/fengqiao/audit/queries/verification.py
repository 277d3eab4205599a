"""Proof of the chains, or the name of the first broken link.

Reads as the owner of the tables (restricted and sealed rows have a history too); the history holds no
personal data. What the database's owner could have done is found: a changed row, a removed row, a removed
tail.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections

from fengqiao.audit.domain.roots import PUBLIC_KEY, BrokenRoots, read_roots
from fengqiao.kernel import chain
from fengqiao.kernel.crypto import sm3

ENTRIES = """
    SELECT chain, seq, county, person_id, post_id, role, verb, subject, result, content, previous, hash
    FROM audit_entry ORDER BY chain, seq
"""
EVENTS = """
    SELECT e.matter_id, m.code, e.seq, e.type, e.person_id, e.post_id, e.content, e.previous, e.hash,
           m.history_count, m.history_head
    FROM matters_historyevent e JOIN matters_matter m ON m.id = e.matter_id ORDER BY e.matter_id, e.seq
"""
EMPTY_MATTERS = """
    SELECT m.id, m.code FROM matters_matter m
    WHERE NOT EXISTS (SELECT 1 FROM matters_historyevent e WHERE e.matter_id = m.id)
"""
WORDS = """
    SELECT w.matter_id, m.code, w.seq, w.kind, w.text, w.salt, e.content
    FROM matters_word w JOIN matters_matter m ON m.id = w.matter_id
    LEFT JOIN matters_historyevent e ON e.matter_id = w.matter_id AND e.seq = w.seq
    ORDER BY w.matter_id, w.seq
"""


@dataclass(frozen=True)
class Break:
    """A link that does not hold: where, and what is wrong with it."""

    where: str
    what: str


@dataclass
class Report:
    """What was proved. ``broken`` holds the first broken link of each chain, in order."""

    entries: int = 0
    chains: int = 0
    events: int = 0
    matters: int = 0
    words: int = 0
    rooted: int = 0
    broken: list[Break] | None = None


def verify(*, roots: Path | None, using: str = "owner") -> Report:
    """Walks every chain once. ``roots`` is the folder of signed roots; without it tails are not proved."""
    report = Report(broken=[])
    broken = report.broken
    assert broken is not None  # noqa: S101  set in the line above
    ends: dict[str, tuple[int, bytes]] = {}
    told: dict[str, dict[int, str]] = {}
    wanted_by_root = _roots(roots, broken)
    rooted_hashes: dict[str, bytes] = {}
    for name, rows in _grouped(_rows(using, ENTRIES), 0):
        report.chains += 1
        problem = None
        for row in rows:
            report.entries += 1
            problem = problem or _entry_problem(row, ends.get(name, (0, chain.START)))
            ends[name] = (row[1], bytes(row[11]))
            if name in wanted_by_root and wanted_by_root[name][0] == row[1]:
                rooted_hashes[name] = bytes(row[11])
            _remember_history(row, told)
        if problem:
            broken.append(problem)
    for name, (count, digest) in sorted(wanted_by_root.items()):
        report.rooted += 1
        if rooted_hashes.get(name) != digest:
            have = ends.get(name, (0, b""))[0]
            broken.append(
                Break(f"audit {name}#{min(have, count) + (1 if have < count else 0)}", _tail(have, count))
            )
    _verify_histories(using, report, broken, told)
    _verify_words(using, report, broken)
    return report


def _tail(have: int, count: int) -> str:
    if have < count:
        return f"the chain ends at {have}, its signed root says {count}: the tail was removed"
    return "not the link that the signed root names"


def _entry_problem(row: tuple[Any, ...], before: tuple[int, bytes]) -> Break | None:
    name, seq, county, person, post, role, verb, subject, result, content, previous, digest = row
    where = f"audit {name}#{seq}"
    if seq != before[0] + 1:
        return Break(f"audit {name}#{before[0] + 1}", "the link is missing")
    if bytes(previous) != before[1]:
        return Break(where, "does not continue the link before it")
    if chain.link(bytes(previous), bytes(content)) != bytes(digest):
        return Break(where, "the content was changed after it was hashed")
    said = json.loads(bytes(content))
    beside = {
        "chain": name,
        "seq": seq,
        "person": str(person) if person else None,
        "post": str(post) if post else None,
        "role": role,
        "verb": verb,
        "subject": subject,
        "result": result,
    }
    wrong = sorted(key for key, value in beside.items() if said.get(key) != value)
    if county != name[:6]:
        wrong.append("county")
    return Break(where, f"columns differ from what was hashed: {', '.join(wrong)}") if wrong else None


def _remember_history(row: tuple[Any, ...], told: dict[str, dict[int, str]]) -> None:
    subject = row[7]
    if not subject.startswith("matter:"):
        return
    details = json.loads(bytes(row[9])).get("details", {})
    if "seq" in details and "hash" in details:
        told.setdefault(subject[7:], {})[int(details["seq"])] = details["hash"]


def _verify_histories(
    using: str, report: Report, broken: list[Break], told: dict[str, dict[int, str]]
) -> None:
    seen: set[str] = set()
    for _, rows in _grouped(_rows(using, EVENTS), 0):
        report.matters += 1
        before: tuple[int, bytes] = (0, chain.START)
        problem: Break | None = None
        matter, code = str(rows[0][0]), rows[0][1]
        seen.add(matter)
        for row in rows:
            report.events += 1
            problem = problem or _event_problem(row, before, told.get(matter, {}))
            before = (row[2], bytes(row[8]))
        last = max(told.get(matter, {0: ""}))
        if problem is None and before[0] < last:
            problem = Break(
                f"history {code}#{before[0] + 1}", f"ends at {before[0]}, the audit says {last}: tail removed"
            )
        if problem is None and (rows[-1][9], bytes(rows[-1][10])) != before:
            problem = Break(f"history {code}#{before[0]}", "the matter names another end")
        if problem:
            broken.append(problem)
    for matter in sorted(set(told) - seen):
        broken.append(Break(f"history {matter}#1", "the whole history is gone, the audit knows it"))
    for row in _rows(using, EMPTY_MATTERS):
        if str(row[0]) not in told:
            broken.append(Break(f"history {row[1]}#1", "a matter without a history"))


def _event_problem(row: tuple[Any, ...], before: tuple[int, bytes], told: dict[int, str]) -> Break | None:
    matter, code, seq, kind, person, post, content, previous, digest = row[:9]
    where = f"history {code}#{seq}"
    if seq != before[0] + 1:
        return Break(f"history {code}#{before[0] + 1}", "the link is missing")
    if bytes(previous) != before[1]:
        return Break(where, "does not continue the link before it")
    if chain.link(bytes(previous), bytes(content)) != bytes(digest):
        return Break(where, "the content was changed after it was hashed")
    said = json.loads(bytes(content))
    beside = {
        "matter": str(matter),
        "seq": seq,
        "type": kind,
        "person": str(person),
        "post": str(post) if post else None,
    }
    if any(said.get(key) != value for key, value in beside.items()):
        return Break(where, "columns differ from what was hashed")
    if told.get(seq, bytes(digest).hex()) != bytes(digest).hex():
        return Break(where, "not the link that the audit names")
    return None


def _verify_words(using: str, report: Report, broken: list[Break]) -> None:
    """A sentence may be erased by law, and then its row is gone; one that is there must be the one written."""
    for _matter, code, seq, kind, text, salt, content in _rows(using, WORDS):
        report.words += 1
        expected = json.loads(bytes(content)).get("words", {}).get(kind) if content else None
        if expected != sm3(bytes(salt), text.encode()).hex():
            broken.append(Break(f"history {code}#{seq}", f"the words ({kind}) are not those written then"))


def _roots(folder: Path | None, broken: list[Break]) -> dict[str, tuple[int, bytes]]:
    if folder is None or not folder.exists():
        return {}
    known: dict[str, tuple[int, bytes]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        try:
            known.update(read_roots(path, folder / PUBLIC_KEY))
        except (BrokenRoots, OSError) as wrong:
            broken.append(Break(f"roots {path.name}", str(wrong)))
    return known


def _rows(using: str, statement: str) -> Iterator[tuple[Any, ...]]:
    connection = connections[using]
    connection.ensure_connection()
    # A named cursor streams: a county's years do not fit into memory.
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(2000):
            yield from rows


def _grouped(rows: Iterable[tuple[Any, ...]], key: int) -> Iterator[tuple[Any, list[tuple[Any, ...]]]]:
    group: list[tuple[Any, ...]] = []
    for row in rows:
        if group and group[0][key] != row[key]:
            yield group[0][key], group
            group = []
        group.append(row)
    if group:
        yield group[0][key], group
