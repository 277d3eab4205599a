"""The exact bytes of a content and the links over them: what outsiders verify must never come out otherwise."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from fengqiao.kernel import chain
from fengqiao.kernel.crypto import sm3

ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905, example 1


def test_sm3_is_the_national_digest():
    assert sm3(b"abc").hex() == ABC
    assert sm3(b"a", b"", b"bc").hex() == ABC


def test_exact_bytes_are_the_same_whatever_the_order():
    one = chain.exact_bytes({"b": "枫桥", "a": 1, "c": None, "d": [True, "x"]})
    other = chain.exact_bytes({"d": [True, "x"], "c": None, "a": 1, "b": "枫桥"})
    assert one == other == '{"a":1,"b":"枫桥","c":null,"d":[true,"x"]}'.encode()


def test_values_that_json_does_not_know():
    content = chain.exact_bytes(
        {
            "at": datetime(2026, 11, 20, 12, tzinfo=UTC),
            "id": UUID("01890a5d-ac96-774b-bcce-b302099a8057"),
            "digest": b"\x00\xff",
            "view": memoryview(b"\x01"),
        }
    )
    assert content == (
        b'{"at":"2026-11-20T12:00:00+00:00","digest":"00ff",'
        b'"id":"01890a5d-ac96-774b-bcce-b302099a8057","view":"01"}'
    )


def test_a_link_is_the_digest_over_the_one_before_and_its_own_bytes():
    first = chain.link(chain.START, b"one")
    assert first == sm3(bytes(32) + b"one")
    assert chain.link(first, b"two") == sm3(first + b"two")


@pytest.mark.parametrize(
    ("previous", "content"), [(chain.START, b"onf"), (b"\x01" + bytes(31), b"one"), (chain.START, b"one ")]
)
def test_any_change_makes_another_link(previous, content):
    assert chain.link(previous, content) != chain.link(chain.START, b"one")
