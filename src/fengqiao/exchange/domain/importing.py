"""Taking a file in: idempotent by source and number, every row counted once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import record
from fengqiao.exchange.mapping import Mapping, Problem, Taken, take
from fengqiao.exchange.reading import Row
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.domain.registration import register
from fengqiao.matters.domain.taking_over import take_over
from fengqiao.matters.models import Matter

# Rows of one transaction: an import that is killed loses at most these, and a second run takes them.
CHUNK = 100


@dataclass
class Report:
    """``registered`` + ``already`` + ``rejected`` is the number of rows read."""

    rows: int = 0
    registered: int = 0
    already: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)


def import_rows(
    *,
    actor: Actor,
    mapping: Mapping,
    rows: Iterable[Row],
    progress: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Registers every row that is good and new, in chunks; names line, column and reason of every bad one.

    A row whose source number is known is counted as already there when it is the same message, and is
    rejected when the number stands for another one: nothing is overwritten.
    """
    report = Report()
    for chunk in _chunks(iter(rows)):
        with scope(actor):
            _take_chunk(actor, mapping, chunk, report)
        progress(report)
    with scope(actor):
        record(
            actor=actor,
            verb="import.finished",
            subject=f"import:{mapping.source}",
            details={
                "rows": report.rows,
                "registered": report.registered,
                "already": report.already,
                "rejected": report.rejected,
            },
        )
    return report


def _take_chunk(actor: Actor, mapping: Mapping, chunk: list[Row], report: Report) -> None:
    taken = [(row, take(mapping, row.line, row.cells)) for row in chunk]
    numbers = [t.number for _, t in taken if isinstance(t, Taken)]
    # The county's rows of this source; a restricted one that the actor may not read keeps its number by
    # the unique constraint all the same.
    known = dict(
        Matter.objects.filter(
            county=actor.county, source=mapping.source, source_number__in=numbers
        ).values_list("source_number", "title")
    )
    for row, result in taken:
        report.rows += 1
        if isinstance(result, list):
            report.rejected += 1
            report.problems.extend(result)
        elif result.number in known:
            _known(mapping, row, result, known[result.number], report)
        else:
            _register(actor, mapping, row, result, report, known)


def _known(mapping: Mapping, row: Row, taken: Taken, title: str, report: Report) -> None:
    if taken.new.title == title:
        report.already += 1
        return
    report.rejected += 1
    report.problems.append(
        Problem(row.line, mapping.number, f"编号 {taken.number} 已经登记为另一件事：“{title[:40]}”")
    )


def _register(
    actor: Actor, mapping: Mapping, row: Row, taken: Taken, report: Report, known: dict[str, str]
) -> None:
    try:
        with transaction.atomic():
            if taken.settled is not None:
                take_over(actor=actor, new=taken.new, settled=taken.settled)
            else:
                register(actor=actor, new=taken.new)
    except Invalid as wrong:
        report.rejected += 1
        columns = {rule.to: rule.column for rule in mapping.fields}
        report.problems.extend(
            Problem(row.line, columns.get(name, name), str(sentence))
            for name, sentence in wrong.errors.items()
        )
    except Refusal as refusal:
        report.rejected += 1
        report.problems.append(Problem(row.line, mapping.number, str(refusal)))
    else:
        report.registered += 1
        known[taken.number] = taken.new.title


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
