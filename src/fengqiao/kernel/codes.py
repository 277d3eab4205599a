"""Codes of the field: matter codes, divisions and their subtrees."""

from __future__ import annotations

import re
from datetime import date

MATTER_CODE = re.compile(r"^(?P<county>\d{6})-(?P<day>\d{8})-(?P<number>\d{6,})$")


def matter_code(county: str, day: date, number: int) -> str:
    """One matter, one code (一案一码): county, date of registration, never-reused counter of the county."""
    return f"{county}-{day:%Y%m%d}-{number:06d}"


def division_level(code: str) -> int:
    """1 province, 2 city, 3 county, 4 town or street, 5 village or neighbourhood, for a 12-digit code."""
    if code[9:] != "000":
        return 5
    if code[6:9] != "000":
        return 4
    if code[4:6] != "00":
        return 3
    if code[2:4] != "00":
        return 2
    return 1


_SIGNIFICANT = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}


def division_prefix(code: str) -> str:
    """The digits that all divisions below ``code`` share."""
    return code[: _SIGNIFICANT[division_level(code)]]


def prefix_range(prefix: str) -> tuple[str, str]:
    """Half-open bounds for "begins with ``prefix``": a range is leakproof behind a wall, LIKE is not."""
    if set(prefix) == {"9"}:
        # No next number of the same length; a letter comes after every digit.
        return prefix, "A"
    return prefix, str(int(prefix) + 1).zfill(len(prefix))


def county_of(code: str) -> str:
    """The six digits of the county of a division (of the city for a city's own code)."""
    return code[:6]
