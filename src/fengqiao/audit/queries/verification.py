"""Proof of the chains, or the name of the first broken link.

Reads as the owner of the tables (restricted and sealed rows have a history too); the history holds no
personal data. What the database's owner could have done is found: a changed row, a removed row, a removed
tail.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from django.db import connections

from fengqiao.audit.domain.roots import PUBLIC_KEY, read_roots
from fengqiao.kernel import chain
from fengqiao.kernel.crypto import sm3

ENTRIES = """
    SELECT chain, seq, county, at, person_id, post_id, role, verb, subject, result, content, previous, hash
    FROM audit_entry ORDER BY chain, seq
"""
EVENTS = """
    SELECT e.matter_id, m.code, e.seq, e.county, e.type, e.at, e.person_id, e.post_id, e.content, e.previous,
           e.hash, m.history_count, m.history_head
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
    signed = _roots(roots, broken)
    found: dict[tuple[str, int], bytes] = {}
    for name, rows in _grouped(_rows(using, ENTRIES), 0):
        report.chains += 1
        problem = None
        signed_here = {count for count, _digest in signed.get(name, ())}
        for row in rows:
            report.entries += 1
            problem = problem or _entry_problem(row, ends.get(name, (0, chain.START)))
            ends[name] = (row[1], bytes(row[12]))
            if row[1] in signed_here:
                found[name, row[1]] = bytes(row[12])
            _remember_history(row, told)
        if problem:
            broken.append(problem)
    for name in sorted(signed):
        report.rooted += len(signed[name])
        problem = _root_problem(name, sorted(signed[name]), found, have=ends.get(name, (0, b""))[0])
        if problem:
            broken.append(problem)
    _verify_histories(using, report, broken, told)
    _verify_words(using, report, broken)
    return report


def _root_problem(
    name: str, signed: list[tuple[int, bytes]], found: dict[tuple[str, int], bytes], *, have: int
) -> Break | None:
    """Every end that was ever signed must still be there: a later root that says less excuses nothing."""
    for count, digest in signed:
        if count <= have and found.get((name, count)) != digest:
            return Break(f"audit {name}#{count}", "not the link that the signed root names")
    most = signed[-1][0]
    if most > have:
        return Break(
            f"audit {name}#{have + 1}",
            f"the chain ends at {have}, its signed root says {most}: the tail was removed",
        )
    return None


def _entry_problem(row: tuple[Any, ...], before: tuple[int, bytes]) -> Break | None:
    name, seq, county, at, person, post, role, verb, subject, result, content, previous, digest = row
    where = f"audit {name}#{seq}"
    if seq != before[0] + 1:
        return Break(f"audit {name}#{before[0] + 1}", "the link is missing")
    if bytes(previous) != before[1]:
        return Break(where, "does not continue the link before it")
    if chain.link(bytes(previous), bytes(content)) != bytes(digest):
        return Break(where, "the content was changed after it was hashed")
    said = _said(content)
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
    if str(said.get("at")) != at.astimezone(UTC).isoformat():
        wrong.append("at")
    if county != name[:6]:
        wrong.append("county")
    return Break(where, f"columns differ from what was hashed: {', '.join(wrong)}") if wrong else None


def _said(content: Any) -> dict[str, Any]:
    """What a link says; nothing where somebody put bytes there that no link ever had."""
    try:
        said = json.loads(bytes(content))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _remember_history(row: tuple[Any, ...], told: dict[str, dict[int, str]]) -> None:
    subject = row[8]
    if not subject.startswith("matter:"):
        return
    details = _said(row[10]).get("details") or {}
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
            before = (row[2], bytes(row[10]))
        last = max(told.get(matter, {0: ""}))
        if problem is None and before[0] < last:
            problem = Break(
                f"history {code}#{before[0] + 1}", f"ends at {before[0]}, the audit says {last}: tail removed"
            )
        if problem is None and (rows[-1][11], bytes(rows[-1][12])) != before:
            problem = Break(f"history {code}#{before[0]}", "the matter names another end")
        if problem:
            broken.append(problem)
    for matter in sorted(set(told) - seen):
        broken.append(Break(f"history {matter}#1", "the whole history is gone, the audit knows it"))
    for row in _rows(using, EMPTY_MATTERS):
        if str(row[0]) not in told:
            broken.append(Break(f"history {row[1]}#1", "a matter without a history"))


def _event_problem(row: tuple[Any, ...], before: tuple[int, bytes], told: dict[int, str]) -> Break | None:
    matter, code, seq, county, kind, at, person, post, content, previous, digest = row[:11]
    where = f"history {code}#{seq}"
    if seq != before[0] + 1:
        return Break(f"history {code}#{before[0] + 1}", "the link is missing")
    if bytes(previous) != before[1]:
        return Break(where, "does not continue the link before it")
    if chain.link(bytes(previous), bytes(content)) != bytes(digest):
        return Break(where, "the content was changed after it was hashed")
    said = _said(content)
    beside = {
        "matter": str(matter),
        "seq": seq,
        "county": county,
        "type": kind,
        "person": str(person),
        "post": str(post) if post else None,
    }
    wrong = sorted(key for key, value in beside.items() if said.get(key) != value)
    if str(said.get("at")) != at.astimezone(UTC).isoformat():
        wrong.append("at")
    if wrong:
        return Break(where, f"columns differ from what was hashed: {', '.join(wrong)}")
    if told.get(seq, bytes(digest).hex()) != bytes(digest).hex():
        return Break(where, "not the link that the audit names")
    return None


def _verify_words(using: str, report: Report, broken: list[Break]) -> None:
    """A sentence may be erased by law, and then its row is gone; one that is there must be the one written."""
    for _matter, code, seq, kind, text, salt, content in _rows(using, WORDS):
        report.words += 1
        expected = (_said(content).get("words") or {}).get(kind) if content else None
        if expected != sm3(bytes(salt), text.encode()).hex():
            broken.append(Break(f"history {code}#{seq}", f"the words ({kind}) are not those written then"))


def _roots(folder: Path | None, broken: list[Break]) -> dict[str, set[tuple[int, bytes]]]:
    if folder is None or not folder.exists():
        return {}
    known: dict[str, set[tuple[int, bytes]]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        try:
            for name, count, digest in read_roots(path, folder / PUBLIC_KEY):
                known.setdefault(name, set()).add((count, digest))
        except (ValueError, OSError) as wrong:
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
