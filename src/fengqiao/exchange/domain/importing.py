"""Taking a file in: idempotent by source and number, every row counted once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import record
from fengqiao.exchange.columns import unguarded
from fengqiao.exchange.mapping import Mapping, Problem, Taken, take
from fengqiao.exchange.reading import Row
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.domain.registering_many import register_many
from fengqiao.matters.domain.registration import register
from fengqiao.matters.domain.taking_over import take_over
from fengqiao.matters.models import HistoryEvent, Matter

# Rows of one transaction: an import that is killed loses at most these, and a second run takes them.
CHUNK = 500
# What the domain calls by a place in a list, by the name it has in a mapping.
AS_IN_MAPPING = {
    "parties.0.name": "petitioner.name",
    "parties.0.phone": "petitioner.phone",
    "claims.0.text": "claim.text",
}


@dataclass(frozen=True)
class Known:
    """What is registered under a number already."""

    matter_id: UUID
    title: str
    received_at: datetime | None


@dataclass
class Report:
    """``registered`` + ``already`` + ``rejected`` is the number of rows read."""

    rows: int = 0
    registered: int = 0
    already: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)

    def reject(self, *problems: Problem) -> None:
        """One row that is not taken, for one reason or several."""
        self.rejected += 1
        self.problems.extend(problems)


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
    if mapping.by_code:
        here = Matter.objects.visible_to(actor).filter(code__in=numbers)
    else:
        here = Matter.objects.filter(county=actor.county, source=mapping.source, source_number__in=numbers)
    number_column = "code" if mapping.by_code else "source_number"
    known = {
        number: Known(*rest)
        for number, *rest in here.values_list(number_column, "pk", "title", "received_at")
    }
    new = _first_of_each([each for _, each in taken if isinstance(each, Taken)], known)
    # What is recognised by its code was exported here: a code that is not known is never registered.
    together = {} if mapping.by_code else _register_together(actor, new)
    for row, result in taken:
        report.rows += 1
        if isinstance(result, list):
            report.reject(*result)
        elif result.number in together and result is together[result.number][0]:
            matter = together[result.number][1]
            known[result.number] = Known(matter.id, matter.title, matter.received_at)
            report.registered += 1
        elif result.number in known:
            _known(mapping, row, result, known[result.number], report)
        elif mapping.by_code:
            report.reject(Problem(row.line, mapping.number, f"没有编号为 {result.number} 的事项"))
        else:
            _register(actor, mapping, row, result, report, known)


def _first_of_each(taken: list[Taken], known: dict[str, Known]) -> list[Taken]:
    """The rows that are new, each number once: a second row of a number is compared with the first."""
    first: dict[str, Taken] = {}
    for row in taken:
        if row.number not in known:
            first.setdefault(row.number, row)
    return list(first.values())


def _register_together(actor: Actor, rows: list[Taken]) -> dict[str, tuple[Taken, Matter]]:
    """Registers the rows of a chunk in one go; nothing where one is wrong, confidential or settled before.

    The caller then takes them one by one, so that the bad one is named and its neighbours are kept.
    """
    if any(row.settled is not None or row.new.confidential for row in rows):
        return {}
    try:
        with transaction.atomic():
            matters = register_many(actor=actor, news=[row.new for row in rows])
    except (Refusal, IntegrityError, DataError):
        return {}
    return {row.number: (row, matter) for row, matter in zip(rows, matters, strict=True)}


def _known(mapping: Mapping, row: Row, taken: Taken, known: Known, report: Report) -> None:
    titles = (taken.new.title, unguarded(taken.new.title) if mapping.by_code else taken.new.title)
    if taken.by_content or known.title in titles or _put_right_since(taken, known):
        report.already += 1
        return
    said = f"编号 {taken.number} 已经登记为另一件事：“{known.title[:40]}”"
    if mapping.by_code:
        said = f"编号 {taken.number} 现在的标题是“{known.title[:40]}”，导入不改标题"
    report.reject(Problem(row.line, mapping.number, said))


def _put_right_since(taken: Taken, known: Known) -> bool:
    """Whether another title is there because an officer has put it right: when it came never changes."""
    if known.received_at is None or taken.new.received_at != known.received_at:
        return False
    amendments = HistoryEvent.objects.filter(matter_id=known.matter_id, type="matter.amend")
    return any(b'"title"' in bytes(content) for content in amendments.values_list("content", flat=True))


def _register(
    actor: Actor, mapping: Mapping, row: Row, taken: Taken, report: Report, known: dict[str, Known]
) -> None:
    try:
        with transaction.atomic():
            if taken.settled is not None:
                matter = take_over(actor=actor, new=taken.new, settled=taken.settled)
            else:
                matter = register(actor=actor, new=taken.new)
    except Invalid as wrong:
        columns = {rule.to: rule.column for rule in mapping.fields}
        named = {AS_IN_MAPPING.get(name, name): sentence for name, sentence in wrong.errors.items()}
        report.reject(*(Problem(row.line, columns.get(name) or name, str(s)) for name, s in named.items()))
    except Refusal as refusal:
        report.reject(Problem(row.line, mapping.number, str(refusal)))
    except (IntegrityError, DataError) as wrong:
        report.reject(Problem(row.line, mapping.number, _said_by_database(taken, wrong)))
    else:
        report.registered += 1
        known[taken.number] = Known(matter.id, matter.title, matter.received_at)


def _said_by_database(taken: Taken, wrong: Exception) -> str:
    if "matter_source_once" in str(wrong):
        return f"编号 {taken.number} 已经登记，但数据交换岗位看不到那件事项（限阅）"
    return "数据库不接受这一行：" + str(wrong).splitlines()[0]


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk
