"""A draft that several type in: laid over each other cell by cell, and kept only while nobody has signed."""

from __future__ import annotations

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.agreements.domain import sketching
from fengqiao.agreements.sketches import MOST_IN, Typed, overlay
from tests.agreements.hands import answered, drafted, mediating, parties_of, signs
from tests.matters.ground import act, refuses, told
from tests.small_county import SmallCounty

BEFORE = Typed({"facts": "甲", "issues": "乙", "1.what": "道歉", "1.gone": "", "2.what": "付钱"}, ["1", "2"])


def typed(order: list[str] | None = None, /, **cells: str) -> Typed:
    said = {name.replace("_", "."): value for name, value in cells.items()}
    return Typed({**BEFORE.cells, **said}, order or ["1", "2"])


@pytest.mark.parametrize(
    ("changed_in", "page", "touched", "mine", "theirs", "conflicts"),
    [
        # Alone: what was typed is kept, and nothing else.
        ({}, typed(facts="丙"), {"facts"}, {"facts"}, set(), set()),
        # Touched and put back as it was.
        ({}, typed(), {"facts"}, set(), set(), set()),
        # Another's change since, elsewhere: taken over.
        ({"issues": 2}, typed(facts="丙", issues="旧"), {"facts"}, {"facts"}, {"issues"}, set()),
        # Of the same cell: a conflict, but not where both wrote the same, nor where it was known.
        ({"facts": 2}, typed(facts="丙"), {"facts"}, set(), set(), {"facts"}),
        ({"facts": 2}, typed(facts="甲"), {"facts"}, set(), set(), set()),
        ({"facts": 1}, typed(facts="丙"), {"facts"}, {"facts"}, set(), set()),
        # Without script nobody knows what was touched: all that differs is taken for typed.
        ({"facts": 2}, typed(facts="丙", issues="丁"), None, {"issues"}, set(), {"facts"}),
        # A new term is kept whole once something was typed into it, and not before.
        ({}, typed(["1", "2", "k"], k_what="修好", k_kind="do"), {"k.what"}, {"k.what", "k.kind"}, set(), set()),
        ({}, typed(["1", "2", "k"], k_what="", k_kind="do"), {"facts"}, set(), set(), set()),
    ],
)  # fmt: skip
def test_cell_by_cell(changed_in, page, touched, mine, theirs, conflicts):
    laid = overlay(BEFORE, changed_in, page, touched, 1)
    assert (set(laid.mine), set(laid.theirs), set(laid.conflicts)) == (mine, theirs, conflicts)
    assert laid.kept.cells == BEFORE.cells | {name: page.cells[name] for name in mine}
    assert ("k" in laid.kept.order) is any(name.startswith("k.") for name in mine)


def test_who_writes_in_a_term_that_another_took_out_is_told():
    before = Typed(dict(BEFORE.cells) | {"1.gone": "on"}, BEFORE.order)
    laid = overlay(before, {"1.gone": 2}, typed(**{"1_what": "当面道歉"}), {"1.what"}, 1)
    assert (laid.mine, laid.conflicts) == ({"1.what"}, {"1.gone"})


@pytest.mark.django_db
def test_kept_as_long_as_nobody_has_signed(county: SmallCounty):
    matter = mediating(county)

    def keeps(who: Role = Role.MEDIATOR, **changes):
        given = {"typed": Typed({"facts": "屋檐的水"}), "known": 0, "base": ""} | changes
        return act(county, who, sketching.keep_sketch, matter, **given)

    acts = told(matter)
    for who, changes, code, field in (
        (Role.REGISTRAR, {}, "post_may_not", None),
        (Role.MEDIATOR, {"base": f"{matter.pk}:1"}, "sketch_taken", None),
        (Role.MEDIATOR, {"typed": Typed({"facts": "长" * (MOST_IN["facts"] + 1)})}, "invalid", "facts"),
        (Role.MEDIATOR, {"typed": Typed({"1.password": "x"}, ["1"])}, "invalid", "sketch"),
        (Role.MEDIATOR, {"typed": Typed({}, [str(n) for n in range(101)])}, "invalid", "terms"),
    ):
        with refuses(code, field=field):
            keeps(who, **changes)
    assert [keeps().version, keeps().version, keeps(known=1, typed=Typed({"facts": "水"})).version] == [
        1,
        1,
        2,
    ]
    # It is no act: neither history nor version of the matter tell of it.
    assert told(matter) == acts
    paper = drafted(county, matter)
    assert keeps(known=2, typed=Typed({"facts": "水流"})).version == 3
    answered(county, paper)
    signs(county, paper, parties=[parties_of(matter)[0].pk])
    with refuses("signed_already"):
        keeps(known=3)
