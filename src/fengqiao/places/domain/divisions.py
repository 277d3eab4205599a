"""Taking divisions in from tables of codes and names."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from fengqiao.kernel.codes import division_level
from fengqiao.kernel.errors import Invalid
from fengqiao.places.models import Division, DivisionChange

SHIPPED = Path(__file__).parent.parent / "data"
# The edition of the shipped facts: divisions of 江门市 as of 2023 (china-division 2.7.0, MIT).
SHIPPED_SOURCE = "china-division 2.7.0 (2023)"
SHIPPED_SINCE = date(2023, 1, 1)


@dataclass
class DivisionsTaken:
    """What an import of divisions did."""

    rows: int = 0
    added: int = 0
    renamed: int = 0
    known: int = 0
    # Said otherwise by a notice that was entered on a page: left as it is.
    kept: int = 0
    files: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Row:
    where: str
    code: str
    name: str
    valid_from: date
    valid_until: date | None


def shipped_files() -> list[Path]:
    """The tables that come with the program, upper divisions first."""
    return [SHIPPED / f"{name}.csv" for name in ("cities", "areas", "streets", "villages")]


def take_divisions(files: Iterable[Path], *, source: str, since: date) -> DivisionsTaken:
    """Adds the divisions of CSV files (columns code, name; optional valid_from, valid_until).

    Codes of fewer than 12 digits are filled up with zeros; a division lies in the nearest one above it that
    is in the files or known before. May be repeated: what is known stays, a changed name is put right, but
    what a notice changed on a page (``division_changes``) stays as the notice says.
    Raises ``Invalid`` with one sentence for each wrong row (key: file and line); then nothing is written.
    """
    errors: dict[str, str] = {}
    rows: dict[str, _Row] = {}
    taken = DivisionsTaken()
    for path in files:
        taken.files.append(path.name)
        for row in _read(path, since, errors):
            if row.code in rows:
                errors[row.where] = _("代码 %(code)s 在前面已经出现过。") % {"code": row.code}
            rows[row.code] = row
    known = {d.code: d for d in Division.objects.all()}
    parents = {code: _parent(code, rows, known) for code in rows}
    for code, row in rows.items():
        # The uppermost division that an installation knows has none above it.
        if parents[code] is None and division_level(code) > 2:
            errors[row.where] = _("没有找到 %(code)s 的上级区划，请把上级区划的表一起导入。") % {"code": code}
    if errors:
        raise Invalid(errors)
    taken.rows = len(rows)
    new = [
        Division(
            code=row.code,
            name=row.name,
            parent_id=parents[row.code],
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            source=source,
        )
        for row in sorted(rows.values(), key=lambda row: division_level(row.code))
        if row.code not in known
    ]
    Division.objects.bulk_create(new, batch_size=1000)
    taken.added = len(new)
    noticed = set(DivisionChange.objects.values_list("division_id", flat=True))
    differing = [
        row
        for code, row in rows.items()
        if code in known and (known[code].name, known[code].valid_until) != (row.name, row.valid_until)
    ]
    changed = [_updated(known[row.code], row) for row in differing if row.code not in noticed]
    Division.objects.bulk_update(changed, ["name", "valid_until", "version"])
    taken.renamed, taken.kept = len(changed), len(differing) - len(changed)
    taken.known = len(rows) - len(new) - len(differing)
    return taken


def _read(path: Path, since: date, errors: dict[str, str]) -> Iterable[_Row]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as wrong:
        raise Invalid({path.name: _("读不了文件：%(why)s") % {"why": wrong.strerror}}) from wrong
    except UnicodeDecodeError as wrong:
        raise Invalid({path.name: _("文件不是 UTF-8 编码。")}) from wrong
    lines = csv.DictReader(text.splitlines())
    if not {"code", "name"} <= set(lines.fieldnames or ()):
        raise Invalid({path.name: _("第一行要有 code 和 name 两列。")})
    for line in lines:
        where = f"{path.name}:{lines.line_num}"
        code, name = (line["code"] or "").strip(), (line["name"] or "").strip()
        if not code.isdigit() or len(code) not in (2, 4, 6, 9, 12):
            errors[where] = _("区划代码应为 2、4、6、9 或 12 位数字：%(code)s") % {"code": code}
        elif not name or len(name) > 64:
            errors[where] = _("名称应为 1 至 64 个字。")
        else:
            try:
                first = date.fromisoformat(line["valid_from"]) if line.get("valid_from") else since
                last = date.fromisoformat(line["valid_until"]) if line.get("valid_until") else None
            except ValueError:
                errors[where] = _("日期请写成 2026-01-31。")
                continue
            yield _Row(where, code.ljust(12, "0"), name, first, last)


def uppers_of(code: str) -> list[str]:
    """The codes in which a division can lie, the nearest first."""
    above = [code[:digits].ljust(12, "0") for digits in (9, 6, 4, 2)]
    return [each for each in above if each != code and division_level(each) < division_level(code)]


def _parent(code: str, rows: dict[str, _Row], known: dict[str, Division]) -> str | None:
    return next((above for above in uppers_of(code) if above in rows or above in known), None)


def _updated(division: Division, row: _Row) -> Division:
    division.name, division.valid_until = row.name, row.valid_until
    division.version += 1
    return division
