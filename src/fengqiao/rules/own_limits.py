"""What keeps a county's table of its own limits from being published: each cell that is wrong, with its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from fengqiao.kernel import clock
from fengqiao.rules.deciding import LONGEST_TEXT, Problem, Row
from fengqiao.rules.queries.county_limits import Item, items
from fengqiao.rules.queries.limits import Limit, all_limits, binds
from fengqiao.rules.wording import length_in_words

LONGEST = 999


def problems_of_limits(county: str, rows: Sequence[Row]) -> list[Problem]:
    """Everything that is wrong with the table; empty when it may be published in this county."""
    if not rows:
        return [Problem("", "", _("表是空的：请至少写一项时限。"))]
    found: list[Problem] = []
    seen: set[str] = set()
    for place, row in enumerate(rows):
        item, key = items().get(row.id), f"rows.{place}"
        if item is None or row.id in seen:
            sentence = _("没有这一项时限，或者写了两次。")
            found.append(Problem(row.id, _("事项"), sentence, f"{key}.id"))
            continue
        seen.add(row.id)
        found += _of_row(county, item, row, key)
    return found


def is_within(n: int, unit: str, statute: Limit) -> bool:
    """Whether a limit can never be longer than the statute's for the same thing, whatever the calendar says.

    Of the same unit the number decides; of different ones the longest that it can be and the shortest that the
    statute's can be. A working day is held for two days, with ten for the longest rest of a year.
    """
    if unit == statute.unit:
        return n <= statute.n
    longest = {"hour": n / 24, "calendar_day": n, "working_day": 2 * n + 10}[unit]
    shortest = {"hour": statute.n / 24, "month": statute.n * 28, "year": statute.n * 365}
    return longest <= shortest.get(statute.unit, statute.n)


def _of_row(county: str, item: Item, row: Row, key: str) -> Iterator[Problem]:
    name, said, unit = _name(row.id), row.then.get("n", ""), row.then.get("unit", "")
    is_number = said.isascii() and said.isdecimal() and len(said) <= 3 and int(said) > 0
    if not is_number:
        sentence = _("写 1 到 %(most)d 的整数；不设这一项的，整行空着。") % {"most": LONGEST}
        yield Problem(name, _("多长"), sentence, f"{key}.n")
    if unit not in item.units:
        yield Problem(name, pgettext("时限", "单位"), _("这一项不能用这个单位。"), f"{key}.unit")
    elif is_number:
        yield from _over_the_law(county, item, int(said), unit, name, key)
    for column, label in (("reason", _("理由")), ("basis", _("依据"))):
        text = getattr(row, column)
        if not text:
            yield Problem(name, label, _("请填写。"), f"{key}.{column}")
        elif len(text) > LONGEST_TEXT:
            yield Problem(name, label, _("最多 %(most)d 个字。") % {"most": LONGEST_TEXT}, f"{key}.{column}")


def _over_the_law(county: str, item: Item, n: int, unit: str, name: str, key: str) -> Iterator[Problem]:
    for statute in (all_limits()[each] for each in item.within):
        if binds(statute, county, clock.today())[0] and not is_within(n, unit, statute):
            values = {"basis": statute.basis, "length": length_in_words(statute.n, statute.unit)}
            sentence = _("只能比法定的短：%(basis)s规定 %(length)s。") % values
            yield Problem(name, _("多长"), sentence, f"{key}.n")


def _name(name: str) -> str:
    return all_limits()[name].name
