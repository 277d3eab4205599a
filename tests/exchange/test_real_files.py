"""Real messages, from a folder beside the checkout that is no part of the repository."""

from __future__ import annotations

import csv
import json
from itertools import islice
from pathlib import Path

import pytest
from django.core.management import call_command

from fengqiao.config.environment import PROJECT
from fengqiao.exchange.mapping import Taken, load
from fengqiao.exchange.reading import read_rows
from fengqiao.exchange.taking import take
from tests import small_county

MESSAGES = PROJECT.parent / "shared" / "data" / "messages"
FILES = {"replied": 2816, "labelled": 5542}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not MESSAGES.is_dir(),
        reason="the real messages are not part of the repository; they lie in ../shared/data/messages",
    ),
]


@pytest.mark.parametrize(("name", "rows"), FILES.items())
def test_every_row_of_a_real_file_can_be_taken(name: str, rows: int):
    mapping = load(name)
    _, found = read_rows(MESSAGES / f"{name}.csv")
    taken = [take(mapping, row.line, row.cells) for row in found]
    assert len(taken) == rows
    assert [each for each in taken if not isinstance(each, Taken)] == []


def beginning(folder: Path, name: str, rows: int, encoding: str) -> Path:
    """The first rows of a real file, in another encoding."""
    with (MESSAGES / f"{name}.csv").open(encoding="utf-8-sig", newline="") as handle:
        lines = list(islice(csv.reader(handle), rows + 1))
    path = folder / f"{name}.csv"
    with path.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle).writerows(lines)
    return path


def told(path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    call_command("import", path, mapping=name, county="440785", json=True)
    found: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("name", "encoding"), [("replied", "utf-8"), ("replied", "gb18030"), ("labelled", "utf-8-sig")]
)
def test_imported_twice_a_real_file_registers_once(
    name: str, encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    small_county.build()
    path = beginning(tmp_path, name, 120, encoding)
    first, second = told(path, name, capsys), told(path, name, capsys)
    assert first == {"rows": 120, "registered": 120, "already": 0, "rejected": 0, "problems": [], "units": {}}
    assert second == {
        "rows": 120,
        "registered": 0,
        "already": 120,
        "rejected": 0,
        "problems": [],
        "units": {},
    }


def test_a_hand_broken_copy_names_each_bad_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    small_county.build()
    path = beginning(tmp_path, "replied", 40, "utf-8")
    with path.open(encoding="utf-8", newline="") as handle:
        lines = list(csv.reader(handle))
    broken = {
        (3, "留言时间"): "2024.13.5",
        (9, "留言主题"): "",
        (17, "答复时间"): "昨天",
        (25, "答复意见"): "",
    }
    for (row, column), value in broken.items():
        lines[row][lines[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(lines)
    # A cell may hold several lines: the line that is named is the file's own.
    _, found = read_rows(path)
    line_of = {place: row.line for place, row in enumerate(found, 1)}
    report = told(path, "replied", capsys)
    assert (report["rows"], report["registered"], report["rejected"]) == (40, 36, 4)
    problems = report["problems"]
    assert isinstance(problems, list)
    assert [(p["line"], p["column"]) for p in problems] == [(line_of[row], column) for row, column in broken]
    assert all(p["reason"] for p in problems)
    mended = beginning(tmp_path, "replied", 40, "utf-8")
    again = told(mended, "replied", capsys)
    assert (again["registered"], again["already"], again["rejected"]) == (4, 36, 0)
