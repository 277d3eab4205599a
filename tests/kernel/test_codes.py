from datetime import date

import pytest

from fengqiao.kernel import codes


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (1, "440785-20261120-000001"),
        (999_999, "440785-20261120-999999"),
        # Nothing is cut off when a county has had a million.
        (1_000_000, "440785-20261120-1000000"),
    ],
)
def test_one_matter_one_code(number, code):
    made = codes.matter_code("440785", date(2026, 11, 20), number)
    assert made == code
    found = codes.MATTER_CODE.match(made)
    assert found
    assert found.groupdict() == {"county": "440785", "day": "20261120", "number": code[16:]}


@pytest.mark.parametrize(
    "text", ["440785-20261120-1", "440785-20261120-000001x", "x440785-20261120-000001", ""]
)
def test_not_a_code(text):
    assert codes.MATTER_CODE.match(text) is None


@pytest.mark.parametrize(
    ("division", "level", "prefix"),
    [
        ("440000000000", 1, "44"),
        ("440700000000", 2, "4407"),
        ("440785000000", 3, "440785"),
        ("440785102000", 4, "440785102"),
        ("440785102201", 5, "440785102201"),
    ],
)
def test_levels_of_divisions(division, level, prefix):
    assert codes.division_level(division) == level
    assert codes.division_prefix(division) == prefix
    assert codes.county_of(division) == division[:6]


@pytest.mark.parametrize(
    ("prefix", "last_below", "first_beside"),
    [
        ("4407", "440799999999", "440800000000"),
        ("440785102", "440785102999", "440785103000"),
        ("440799", "440799999999", "440800000000"),
        ("09", "0999", "1001"),
        ("999", "999999999999", None),
        ("99", "9999", None),
        ("9", "9", None),
    ],
)
def test_a_range_holds_what_begins_so_and_nothing_else(prefix, last_below, first_beside):
    low, high = codes.prefix_range(prefix)
    assert low <= prefix < high
    assert low <= last_below < high
    if first_beside is not None:
        assert not low <= first_beside < high
    assert not low <= prefix[:-1] + str(int(prefix[-1]) - 1) + "9" * 9 < high
