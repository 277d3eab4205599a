"""Identity documents: check digits worked by hand from the standards, and what the screen shows of them."""

from datetime import UTC, date, datetime

import pytest

from fengqiao.kernel import clock, identity

# The example of GB 11643 and two made up and worked by hand: Σ digit × weight mod 11 → check character.
RESIDENT_IDS = {
    "11010519491231002X": date(1949, 12, 31),
    "440785193001010014": date(1930, 1, 1),
    "44078520000229009X": date(2000, 2, 29),
}


@pytest.mark.parametrize(("number", "born"), RESIDENT_IDS.items())
def test_right_resident_id(number, born):
    assert identity.is_resident_id(number)
    assert identity.born_on(number) == born


@pytest.mark.parametrize("number", RESIDENT_IDS)
def test_any_other_check_digit_is_wrong(number):
    wrong = [number[:17] + check for check in "0123456789X" if check != number[17]]
    assert [identity.is_resident_id(each) for each in wrong] == [False] * 10


@pytest.mark.parametrize("number", RESIDENT_IDS)
def test_one_changed_digit_is_always_noticed(number):
    """The check digit's purpose: no single slip of the pen passes, whatever date it makes."""
    for place in (*range(6), *range(14, 17)):
        for digit in "0123456789":
            if digit != number[place]:
                changed = number[:place] + digit + number[place + 1 :]
                assert not identity.is_resident_id(changed), changed


def with_check(first_17: str) -> str:
    return first_17 + identity.resident_check_digit(first_17)


@pytest.mark.parametrize(
    ("first_17", "why"),
    [
        ("44078519300230001", "30 February"),
        ("44078519301301001", "month 13"),
        ("44078519300100001", "day 0"),
        ("44078519000229001", "1900 had no 29 February"),
        ("44078518791231001", "born before anybody alive"),
    ],
)
def test_a_day_that_never_was(first_17, why):
    assert not identity.is_resident_id(with_check(first_17)), why


def test_nobody_is_born_tomorrow():
    number = with_check("44078520261121001")
    with clock.at(datetime(2026, 11, 20, 15, 59, tzinfo=UTC)):
        assert not identity.is_resident_id(number)
    # One minute later it is 21 November in Asia/Shanghai.
    with clock.at(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)):
        assert identity.is_resident_id(number)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "44078519300101001",
        "4407851930010100140",
        "44078519300101001x",
        "440785300101001",
        "٤٤٠٧٨٥١٩٣٠٠١٠١٠٠١4",
        "44078519300101O014",
    ],
)
def test_not_the_shape_of_a_resident_id(number):
    assert not identity.is_resident_id(number)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "911101085923662400"])
def test_credit_code(code):
    assert identity.is_credit_code(code)
    wrong = [code[:17] + c for c in identity.CREDIT_ALPHABET if c != code[17]]
    assert [identity.is_credit_code(each) for each in wrong] == [False] * 30


@pytest.mark.parametrize(
    "code", ["", "91350100M000100Y4", "91350100M000100Y433", "9135O100M000100Y43", "91350100m000100y43"]
)
def test_not_a_credit_code(code):
    assert not identity.is_credit_code(code)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("  4407 8519 3001 0100 14 ", "440785193001010014"),
        ("４４０７８５１９３００１０１００１４", "440785193001010014"),
        ("11010519491231002x", "11010519491231002X"),
        ("g 1234-5678", "G12345678"),
        ("Ｈ０１２３４５６７８", "H012345678"),
    ],
)
def test_one_spelling_of_a_number(written, stored):
    assert identity.normalise(written) == stored


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("138 0000 0001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("008613800000001", "13800000001"),
        ("（0750）7112345", "07507112345"),
        ("＋1 (415) 555 0100", "+14155550100"),
    ],
)
def test_one_spelling_of_a_phone(written, stored):
    assert identity.normalise_phone(written) == stored


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (identity.PASSPORT, ["G12345678", "12345", "EB1234567"], ["ABCDEF", "1234", "G1234567890123456789"]),
        (
            identity.HK_MACAO_PERMIT,
            ["H01234567", "M0123456789"],
            ["A01234567", "H0123456", "H012345678"],
        ),
        (identity.TAIWAN_PERMIT, ["01234567", "0123456789", "0123456789AB"], ["0123456", "012345678"]),
    ],
)
def test_documents_of_those_who_come_home(pattern, right, wrong):
    assert [bool(pattern.match(each)) for each in right] == [True] * len(right)
    assert [bool(pattern.match(each)) for each in wrong] == [False] * len(wrong)


@pytest.mark.parametrize(
    ("value", "head", "tail", "shown"),
    [
        ("440785193001010014", 4, 1, "4407*************4"),
        ("13800000001", 3, 2, "138******01"),
        ("恩平市沙湖镇某村1号", 5, 0, "恩平市沙湖*****"),
        ("12", 1, 2, "****"),
        ("", 1, 1, "****"),
        ("12345", 3, 2, "*****"),
    ],
)
def test_masked(value, head, tail, shown):
    assert identity.masked(value, head=head, tail=tail) == shown
