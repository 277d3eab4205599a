"""Identity documents: resident ID (GB 11643), credit code (GB 32100), passports, permits of 港澳台."""

from __future__ import annotations

import re
from datetime import date

from fengqiao.kernel import clock

RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECK = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

PASSPORT = re.compile(r"^(?=.*[0-9])[A-Z0-9]{5,17}$")
# 港澳居民来往内地通行证: H or M and 8 digits (older cards add two for the number of renewals).
HK_MACAO_PERMIT = re.compile(r"^[HM][0-9]{8}([0-9]{2})?$")
# 台湾居民来往大陆通行证: 8 digits (the older booklet: 10 digits and a letter or two).
TAIWAN_PERMIT = re.compile(r"^([0-9]{8}|[0-9]{10}[A-Z]{0,2})$")


def normalise(number: str) -> str:
    """The form that is stored and looked up: no blanks, full-width digits folded, capitals."""
    folded = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in number)
    return re.sub(r"[\s\-·]", "", folded).upper()


def normalise_phone(phone: str) -> str:
    """Digits of a phone, with a leading + kept and the country code of the mainland dropped."""
    digits = normalise(phone)
    digits = re.sub(r"[^\d+]", "", digits)
    return re.sub(r"^(\+86|0086)", "", digits)


NUMBER = re.compile(r"\+?[0-9A-Za-z()\-\s]*")


def is_number(text: str) -> bool:
    """Whether a text is nothing but a number of a person or body (phone, document), whatever its kind."""
    plain = normalise(text)
    return bool(NUMBER.fullmatch(plain)) and sum(c.isdigit() for c in plain) >= 5


def resident_check_digit(first_17: str) -> str:
    """The 18th character of a resident ID from its first 17 digits."""
    return RESIDENT_CHECK[sum(int(d) * w for d, w in zip(first_17, RESIDENT_WEIGHTS, strict=True)) % 11]


def is_resident_id(number: str) -> bool:
    """An 18-character resident ID with a real birth date and the right check digit."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return born.year >= 1880 and born <= clock.today() and resident_check_digit(number[:17]) == number[17]


def born_on(resident_id: str) -> date:
    """The birth date inside a valid resident ID."""
    return date(int(resident_id[6:10]), int(resident_id[10:12]), int(resident_id[12:14]))


def credit_check_character(first_17: str) -> str:
    """The 18th character of a unified social credit code."""
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first_17))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def is_credit_code(code: str) -> bool:
    """An 18-character unified social credit code with the right check character."""
    if len(code) != 18 or any(c not in CREDIT_ALPHABET for c in code):
        return False
    return credit_check_character(code[:17]) == code[17]


def masked(value: str, *, head: int, tail: int) -> str:
    """What the screen shows of a protected value: a few characters at both ends."""
    if len(value) <= head + tail:
        return "*" * max(len(value), 4)
    return value[:head] + "*" * (len(value) - head - tail) + (value[-tail:] if tail else "")
