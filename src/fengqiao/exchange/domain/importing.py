"""Taking a file in: idempotent by source and number, every row counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.audit.domain.record import record
from fengqiao.exchange.columns import unguarded
from fengqiao.exchange.mapping import Given, Mapping, Problem, Taken
from fengqiao.exchange.reading import Row
from fengqiao.exchange.taking import take
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters import validators
from fengqiao.matters.domain.registration import check_places, register, register_many
from fengqiao.matters.domain.taking_over import check, close_as_history, take_over
from fengqiao.matters.models import HistoryEvent, Matter

# Rows of one transaction: an import that is killed loses at most these, and a second run takes them.
CHUNK = 500
# What the domain calls by a place in a list, by the names it may have in a mapping.
AS_IN_MAPPING = {
    "parties.0.name": ("petitioner.name", "parties"),
    "parties.0.phone": ("petitioner.phone", "parties"),
    "claims.0.text": ("claim.text",),
}


@dataclass(frozen=True)
class Known:
    """What is registered under a number already; in a rehearsal, what an earlier line would register."""

    matter_id: UUID | None
    title: str
    received_at: datetime | None
    line: int = 0


@dataclass
class Report:
    """``registered`` + ``already`` + ``rejected`` is the number of rows read.

    ``bad``: each rejected row with what is wrong in it. ``repeated``: (line, the earlier line that says the
    same), for rows of one file; they are counted as already there.
    """

    rows: int = 0
    registered: int = 0
    already: int = 0
    rejected: int = 0
    bad: list[tuple[Row, list[Problem]]] = field(default_factory=list)
    repeated: list[tuple[int, int]] = field(default_factory=list)
    reader: Actor | None = None

    @property
    def problems(self) -> list[Problem]:
        """Every cell that could not be taken."""
        return [problem for _row, problems in self.bad for problem in problems]

    @property
    def units(self) -> Counter[str]:
        """The names of bodies that nobody has mapped yet, with the number of rows that wait for it."""
        return Counter(problem.unit for problem in self.problems if problem.unit)

    def reject(self, row: Row, *problems: Problem) -> None:
        """One row that is not taken, for one reason or several."""
        self.rejected += 1
        self.bad.append((row, list(problems)))

    def add(self, other: Report) -> None:
        """Adds what another part of the same file came to."""
        self.rows += other.rows
        self.registered += other.registered
        self.already += other.already
        self.rejected += other.rejected
        self.bad += other.bad
        self.repeated += other.repeated


def import_rows(
    *,
    actor: Actor,
    mapping: Mapping,
    rows: Iterable[Row],
    given: Given | None = None,
    progress: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Registers every row that is good and new, in chunks; names line, column and reason of every bad one.

    A row whose source number is known is counted as already there when it is the same message, and is
    rejected when the number stands for another one: nothing is overwritten.
    """
    report = Report(reader=actor)
    for chunk in chunks(rows):
        with scope(actor):
            report.add(take_chunk(actor=actor, mapping=mapping, given=given or Given(), chunk=chunk))
        progress(report)
    with scope(actor):
        finished(actor=actor, mapping=mapping, report=report)
    return report


def finished(*, actor: Actor, mapping: Mapping, report: Report, subject: str = "") -> None:
    """Tells the audit what an import came to; in the caller's scope."""
    record(
        actor=actor,
        verb="import.finished",
        subject=subject or f"import:{mapping.source}",
        details={
            "rows": report.rows,
            "registered": report.registered,
            "already": report.already,
            "rejected": report.rejected,
        },
    )


def take_chunk(
    *, actor: Actor, mapping: Mapping, given: Given, chunk: list[Row], reader: Actor | None = None
) -> Report:
    """Takes these rows in, in the caller's transaction and scope.

    ``reader``: who will read the report, where it is not the actor: no matter is named that they do not see.
    """
    report = Report(reader=reader or actor)
    taken = [(row, take(mapping, row.line, row.cells, given)) for row in chunk]
    known = _here(actor, report.reader, mapping, [t.number for _row, t in taken if isinstance(t, Taken)])
    new = _first_of_each([each for _row, each in taken if isinstance(each, Taken)], known)
    # What is recognised by its code was exported here: a code that is not known is never registered.
    together = {} if mapping.by_code else _register_together(actor, new)
    for row, result in taken:
        report.rows += 1
        if isinstance(result, list):
            report.reject(row, *result)
        elif result.number in together and result is together[result.number][0]:
            matter = together[result.number][1]
            known[result.number] = Known(matter.id, matter.title, matter.received_at, row.line)
            report.registered += 1
        elif result.number in known:
            _known(mapping, row, result, known[result.number], report)
        elif mapping.by_code:
            report.reject(row, _no_such_code(mapping, row, result))
        else:
            _register(actor, mapping, row, result, report, known)
    return report


def rehearse_chunk(
    *,
    actor: Actor,
    mapping: Mapping,
    given: Given,
    chunk: list[Row],
    seen: dict[str, Known],
    reader: Actor | None = None,
) -> Report:
    """What ``take_chunk`` would come to, in the caller's scope; writes nothing.

    ``seen`` grows with what earlier lines of the file would have registered. What only the writing shows (a
    number that belongs to a matter which the post may not read) is told when the rows are taken in.
    """
    report = Report(reader=reader or actor)
    taken = [(row, take(mapping, row.line, row.cells, given)) for row in chunk]
    here = _here(actor, report.reader, mapping, [t.number for _row, t in taken if isinstance(t, Taken)])
    for row, result in taken:
        report.rows += 1
        if isinstance(result, list):
            report.reject(row, *result)
            continue
        known = here.get(result.number) or seen.get(result.number)
        if known is not None:
            _known(mapping, row, result, known, report)
        elif mapping.by_code:
            report.reject(row, _no_such_code(mapping, row, result))
        else:
            try:
                _check(result)
            except Invalid as wrong:
                report.reject(row, *_said_by_domain(mapping, row, wrong))
                continue
            seen[result.number] = Known(None, result.new.title.strip(), result.new.received_at, row.line)
            report.registered += 1
    return report


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows in portions of one transaction each."""
    rest = iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _here(actor: Actor, reader: Actor | None, mapping: Mapping, numbers: list[str]) -> dict[str, Known]:
    # The county's rows of this source; a restricted one that the actor may not read keeps its number by
    # the unique constraint all the same.
    if mapping.by_code:
        here = Matter.objects.visible_to(reader or actor).filter(code__in=numbers)
    else:
        # That no number is empty must be said: from more than a hundred PostgreSQL does not conclude that the
        # unique index on those that have one (matter_source_once) answers, and reads the whole table.
        here = Matter.objects.filter(
            county=actor.county, source=mapping.source, source_number__in=numbers
        ).exclude(source_number="")
    number_column = "code" if mapping.by_code else "source_number"
    return {
        number: Known(*rest)
        for number, *rest in here.values_list(number_column, "pk", "title", "received_at")
    }


def _first_of_each(taken: list[Taken], known: dict[str, Known]) -> list[Taken]:
    """The rows that are new, each number once: a second row of a number is compared with the first."""
    first: dict[str, Taken] = {}
    for row in taken:
        if row.number not in known:
            first.setdefault(row.number, row)
    return list(first.values())


def _register_together(actor: Actor, rows: list[Taken]) -> dict[str, tuple[Taken, Matter]]:
    """Registers the rows of a chunk that are good in one go, and closes those that were settled before.

    The caller takes the others one by one, and all of them where the database refuses one: so the bad one is
    named and its neighbours are kept.
    """
    good = [row for row in rows if not row.new.confidential and _is_good(row)]
    try:
        with transaction.atomic():
            matters = register_many(actor=actor, news=[row.new for row in good])
            pairs = zip(good, matters, strict=True)
            close_as_history(actor=actor, settled=[(m, r.settled) for r, m in pairs if r.settled])
    except (Refusal, IntegrityError, DataError):
        return {}
    return {row.number: (row, matter) for row, matter in zip(good, matters, strict=True)}


def _is_good(row: Taken) -> bool:
    """Whether a row breaks no rule that can be seen before it is written."""
    try:
        _check(row)
    except Invalid:
        return False
    return True


def _check(taken: Taken) -> None:
    """What registering checks before it writes; raises ``Invalid``."""
    validators.check(taken.new)
    check_places(taken.new)
    if taken.settled is not None:
        check(taken.new, taken.settled)


def _known(mapping: Mapping, row: Row, taken: Taken, known: Known, report: Report) -> None:
    titles = (taken.new.title, unguarded(taken.new.title) if mapping.by_code else taken.new.title)
    if taken.by_content or known.title in titles or _put_right_since(taken, known):
        report.already += 1
        if known.line:
            report.repeated.append((row.line, known.line))
        return
    if mapping.by_code:
        sentence = _("编号 %(number)s 现在的标题是“%(title)s”，导入不改标题")
    elif _sees(report.reader, known):
        sentence = _("编号 %(number)s 已经登记为另一件事：“%(title)s”")
    else:
        sentence = _("编号 %(number)s 已经登记为另一件事")
    said = sentence % {"number": taken.number, "title": known.title[:40]}
    report.reject(row, Problem(row.line, mapping.row_column, said))


def _no_such_code(mapping: Mapping, row: Row, taken: Taken) -> Problem:
    return Problem(row.line, mapping.number, _("没有编号为 %(code)s 的事项") % {"code": taken.number})


def _sees(reader: Actor | None, known: Known) -> bool:
    """Whether the matter may be named to who reads the report; an earlier line of their own file may."""
    if known.matter_id is None or reader is None:
        return True
    return Matter.objects.visible_to(reader).filter(pk=known.matter_id).exists()


def _put_right_since(taken: Taken, known: Known) -> bool:
    """Whether another title is there because an officer has put it right: when it came never changes."""
    if known.matter_id is None or known.received_at is None or taken.new.received_at != known.received_at:
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
        report.reject(row, *_said_by_domain(mapping, row, wrong))
    except Refusal as refusal:
        said = str(refusal)
        if refusal.code == "already_registered":
            # It is not among those that were asked for: the post may not read it.
            said = _("编号 %(number)s 已经登记，但数据交换岗位看不到那件事项（限阅）") % {
                "number": taken.number
            }
        report.reject(row, Problem(row.line, mapping.row_column, said))
    except (IntegrityError, DataError) as wrong:
        said = _("数据库不接受这一行：%(said)s") % {"said": str(wrong).splitlines()[0]}
        report.reject(row, Problem(row.line, mapping.row_column, said))
    else:
        report.registered += 1
        known[taken.number] = Known(matter.id, matter.title, matter.received_at, row.line)


def _said_by_domain(mapping: Mapping, row: Row, wrong: Invalid) -> list[Problem]:
    rules = {rule.to: rule for rule in mapping.fields}
    problems = []
    for name, sentence in wrong.errors.items():
        names = AS_IN_MAPPING.get(name, ("parties",) if name.startswith("parties.") else (name,))
        rule = next((rules[each] for each in names if each in rules), None)
        column = rule.column if rule and rule.column else name
        problems.append(Problem(row.line, column, str(sentence), rule.told if rule else ""))
    return problems
