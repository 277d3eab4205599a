"""Which decision table is in force in a county on a day: the county's own version, else the shipped one."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fengqiao.rules.deciding import Answer, Broken, Decision, Example, Row, example_from, row_from
from fengqiao.rules.enums import TableKind, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.rules.queries.categories import DATA

# What the history calls a version that came with the program.
SHIPPED = "shipped-"
# Compiled versions that a process keeps: the kinds of a city's counties, several times over.
MOST_KEPT = 64


@dataclass(frozen=True)
class Table:
    """A version of a table with where it comes from. ``version`` names it for good in what it answered.

    ``id`` is the county's version, or ``None`` for one that came with the program. ``broken`` says why the
    table cannot be asked at all; then every answer is that a person decides.
    """

    kind: TableKind
    version: str
    rows: tuple[Row, ...]
    examples: tuple[Example, ...]
    decision: Decision | None
    source: str = ""
    id: UUID | None = None
    broken: str = ""

    @property
    def version_in_words(self) -> str:
        """The version as an officer reads it."""
        return version_in_words(self.version)

    def ask(self, facts: Mapping[str, Any]) -> Answer:
        """The first row that fits, or the error for which a person decides unaided."""
        if self.decision is None:
            return Answer(None, self.broken)
        return self.decision.ask(facts)


def version_in_words(version: str) -> str:
    """The label of a version as an officer reads it."""
    if version.startswith(SHIPPED):
        return _("%(version)s（随程序）") % {"version": version.removeprefix(SHIPPED)}
    return _("第 %(number)s 版") % {"number": version}


@lru_cache(maxsize=len(TableKind))
def shipped(kind: TableKind) -> Table:
    """The table that comes with the program, compiled once a process. Raises ``Broken``."""
    said = json.loads((DATA / "tables" / f"{kind.value}.json").read_text(encoding="utf-8"))
    rows = tuple(row_from(each) for each in said["rows"])
    return Table(
        kind=kind,
        version=f"{SHIPPED}{said['version']}",
        source=said["source"],
        rows=rows,
        examples=tuple(example_from(each) for each in said["examples"]),
        decision=Decision(kind, rows),
    )


def in_force(kind: TableKind, *, county: str, on: date) -> Table:
    """The table that answers in a county on a day (one statement; a second when it is new to the process)."""
    found = published_on(kind, county=county, on=on).values_list("pk", flat=True).first()
    return shipped(kind) if found is None else _kept_table(found)


def published_on(kind: TableKind, *, county: str, on: date) -> QuerySet[TableVersion]:
    """The county's published version of that day, if there is one."""
    return TableVersion.objects.filter(
        Q(effective_until__isnull=True) | Q(effective_until__gte=on),
        county=county,
        kind=kind,
        state=VersionState.PUBLISHED,
        effective_from__lte=on,
    )


def table_of(version: TableVersion) -> Table:
    """A county's version ready to be asked; one that cannot be says so with each answer."""
    rows = [row_from(each) for each in version.rows]
    examples = [example_from(each) for each in version.examples]
    return compiled(TableKind(version.kind), str(version.number), rows, examples, id=version.pk)


def compiled(
    kind: TableKind, version: str, rows: Sequence[Row], examples: Sequence[Example], *, id: UUID | None = None
) -> Table:
    """A table of these rows; what keeps it from being asked is its ``broken``, never an exception."""
    decision, broken = None, ""
    try:
        decision = Decision(kind, rows)
    except Broken as wrong:
        broken = _("%(table)s %(version)s：%(problems)s") % {
            "table": kind.label,
            "version": version_in_words(version),
            "problems": "；".join(map(str, wrong.problems)),
        }
    return Table(kind, version, tuple(rows), tuple(examples), decision, id=id, broken=broken)


# By the version's id: what is published never changes, so that what was compiled once stays true. One that
# could not be compiled is not kept: the words of its error are its reader's.
_kept: OrderedDict[UUID, Table] = OrderedDict()
_lock = Lock()


def _kept_table(version_id: UUID) -> Table:
    with _lock:
        if version_id in _kept:
            _kept.move_to_end(version_id)
            return _kept[version_id]
    made = table_of(TableVersion.objects.get(pk=version_id))
    if made.decision is not None:
        with _lock:
            _kept[version_id] = made
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return made
