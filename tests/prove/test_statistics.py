"""A quarter of the demo's county: each cell of the statistics form equals the ledger and opens into its rows.

The county is played as the demo plays it, in smaller numbers. Its form is held against a count in SQL of its own
(``ledger_count.py``), as a page, as a workbook and by the command, and every number that is not nought is opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker
from python_calamine import CalamineWorkbook

from fengqiao.kernel import clock
from fengqiao.places.models import Centre, Stationing
from fengqiao.reporting.queries.mediation_statistics import COUNTERS
from fengqiao.rules.queries.mediation_statistics import report_categories
from fengqiao.simulate import county
from fengqiao.simulate.days import at
from tests import template_database
from tests.prove.ledger_count import TOTAL, Cells, counted

pytestmark = [pytest.mark.prove, pytest.mark.siege]

# Who reads it is a named reader of nothing that is restricted.
COUNTY, READER = "440785", "inspector"
PERIOD, FIRST, LAST = "2026Q3", date(2026, 7, 1), date(2026, 9, 30)
# Some weeks more at both ends: mediations lie over them.
PLAN = county.Plan(1, FIRST - timedelta(days=14), LAST + timedelta(days=7), 5)
AFTER = at(PLAN.until + timedelta(days=1), 10 * 60)
KINDS = [*(each.id for each in report_categories()), TOTAL]
# Of these a mediation counts with a number or a sum of its own.
SUMS = {
    "parties",
    "people",
    "amount",
    "promised",
    *(each for each in COUNTERS if each.startswith("confirm_")),
}
CELL = re.compile(r'<a href="([^"]*/rows/([\w-]+)/(\w+)[^"]*)"><b>([\d,.]+)</b>')
ROW = re.compile(r"data-open.*?([\d,.]*)</td></tr>", re.DOTALL)
NEXT = re.compile(r'<a [^>]*href="([^"]*page=\d+[^"]*)"[^>]*rel="next"')


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[county.Told]:
    """The county after that quarter, played once."""
    with django_db_blocker.unblock():
        county.take_in()
        yield county.play(PLAN)
        template_database.copy_template()


@pytest.fixture
def desk(told: county.Told) -> Client:
    held = Stationing.objects.select_related("person").get(person__username=READER)
    client = Client()
    client.force_login(held.person)
    session = client.session
    session["acting_post"], session["has_second_factor"] = str(held.pk), True
    session.save()
    return client


def number_of(said: str) -> Decimal:
    return Decimal(said.replace(",", "") or 0)


def shown(desk: Client, asked: dict[str, str]) -> tuple[Cells, dict[tuple[str, str], str]]:
    """What the page says, cell by cell, and where each number leads."""
    page = desk.get(reverse("mediation_statistics"), asked).content.decode()
    cells, ways = Cells(), {}
    for way, kind, counter, said in CELL.findall(page):
        cells[kind, counter], ways[kind, counter] = number_of(said), unescape(way)
    return cells, ways


def opened(desk: Client, way: str) -> list[Decimal]:
    """What each row behind a number says of it, page after page."""
    rows: list[Decimal] = []
    while way:
        page = desk.get(way).content.decode()
        rows += map(number_of, ROW.findall(page))
        further = NEXT.search(page)
        way = unescape(further[1]) if further else ""
    return rows


def in_the_workbook(desk: Client, asked: dict[str, str]) -> Cells:
    content = desk.get(reverse("mediation_statistics_sheet"), asked).content
    lines = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    numbers = {
        (kind, counter): Decimal(str(number))
        for kind, line in zip(KINDS, lines[2:], strict=True)
        for counter, number in zip(COUNTERS, line[1:], strict=True)
    }
    return {cell: number for cell, number in numbers.items() if number}


@pytest.mark.parametrize("whose", ["county", "centre"])
def test_each_cell_is_the_ledger_and_opens_into_as_many_rows(told: county.Told, desk: Client, whose: str):
    assert (told.refused, told.refusals) == (0, {})
    centre = Centre.objects.get(division_id=f"{COUNTY}000000").pk if whose == "centre" else None
    asked = {"period": PERIOD} | ({"centre": str(centre)} if centre else {})
    with clock.at(AFTER):
        cells, ways = shown(desk, asked)
        ledger = counted(COUNTY, FIRST, LAST, centre)
        assert cells == ledger
        assert in_the_workbook(desk, asked) == ledger
        for (kind, counter), way in ways.items():
            rows = opened(desk, way)
            assert sum(rows) == ledger[kind, counter], (kind, counter)
            assert counter in SUMS or len(rows) == ledger[kind, counter], (kind, counter)
    for counter in COUNTERS:
        column = sum((ledger.get((kind, counter), Decimal(0)) for kind in KINDS[:-1]), start=Decimal(0))
        assert column == ledger.get((TOTAL, counter), 0), counter
    for kind in KINDS:
        hold_together({counter: ledger.get((kind, counter), Decimal(0)) for counter in COUNTERS})
    print(f"\n{whose}: {len(ways)} numbers opened; {dict(totals_of(ledger))}")  # noqa: T201  with -s
    # What a quarter always has, so that equal does not mean empty.
    assert (
        not {"begun", "written", "oral", "failed", "performed", "confirm_applied"}
        - dict(totals_of(ledger)).keys()
    )


def hold_together(line: dict[str, Decimal]) -> None:
    """What of one line adds up."""
    origins = ("applied", "own", "court", "police", "petition", "elsewhere", "unsaid")
    agreed = line["written"] + line["oral"]
    rulings = ("pending", "confirmed", "refused", "withdrawn")
    assert line["begun"] == sum(line[each] for each in origins)
    assert line["ended"] == agreed + line["failed"] + line["withdrawn"]
    assert line["open_before"] + line["begun"] == line["ended"] + line["open_after"]
    assert agreed == sum(line[each] for each in ("performed", "performing", "defaulted", "nothing_due"))
    assert line["confirm_applied"] == sum(line[f"confirm_{each}"] for each in rulings)


def totals_of(ledger: Cells) -> Iterator[tuple[str, Any]]:
    yield from ((counter, str(number)) for (kind, counter), number in ledger.items() if kind == TOTAL)


def test_the_command_says_that_the_form_is_the_ledger(told: county.Told):
    said = StringIO()
    with clock.at(AFTER):
        call_command("statistics", "--period", PERIOD, "--county", COUNTY, stdout=said)
    lines = said.getvalue().splitlines()
    assert lines
    assert not [each for each in lines if "≠" in each]
    print("\n" + said.getvalue())  # noqa: T201  with -s
