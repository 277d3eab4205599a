"""Parties on papers: the same words wherever they are named, and a place to sign for each."""

from __future__ import annotations

import pytest

from fengqiao.dossier.paper import BLANK
from fengqiao.dossier.queries.people import People
from fengqiao.matters.enums import PartyKind
from fengqiao.matters.models import Party
from fengqiao.mediation.enums import StandingKind
from fengqiao.mediation.models import Standing


def people(*names: str, stood: tuple[tuple[int, StandingKind, str], ...] = ()) -> People:
    """Each by name; ``stood``: for whom (by place), as what, who."""
    parties = tuple(Party(name=name, role="petitioner") for name in names)
    return People(
        parties,
        tuple(Standing(party=parties[of], kind=kind, name=name, paper="9月3日") for of, kind, name in stood),
    )


def test_a_guardian_stands_beside_the_name_until_it_was_put_right():
    of_a_child = (0, StandingKind.MINOR, ""), (0, StandingKind.GUARDIAN, "吴母")
    both = people("吴某某", "郑某某", stood=of_a_child)
    assert both.named(both.parties) == "吴某某（法定代理人：吴母）、郑某某"
    grown = people("吴某某", "郑某某", stood=(*of_a_child, (0, StandingKind.NOT_MINOR, "")))
    assert grown.named(grown.parties) == "吴某某、郑某某"


def test_the_newest_word_on_an_agent_is_printed_once():
    told = people(
        "黄某",
        stood=((0, StandingKind.GENERAL, "赵律师"), (0, StandingKind.SPECIAL, "赵律师")),
    )
    assert told.agents() == ["黄某委托赵律师：特别授权（9月3日）"]
    # The same agent, named among the parties too.
    agent = Party(name="赵律师", agent_of=told.parties[0], agent_power="代为承认、变更请求")
    both = People((*told.parties, agent), told.stood)
    assert both.agents() == ["黄某委托赵律师：代为承认、变更请求，特别授权（9月3日）"]


@pytest.mark.parametrize(
    ("names", "printed"),
    [
        ((), f"{BLANK}　{BLANK}"),
        (("梁某",), f"梁某{BLANK}"),
        (("梁某", "关某某"), f"梁某{BLANK}　关某某{BLANK}"),
        (
            ("甲", "乙乙", "丙"),
            f"\n甲　　　　　{BLANK}　　乙乙　　　　{BLANK}\n丙　　　　　{BLANK}",
        ),
        (
            ("甲", "恩平某某陶瓷有限公司", "乙"),
            f"\n甲　　　　　{BLANK}\n恩平某某陶瓷有限公司（盖章）{BLANK}\n乙　　　　　{BLANK}",
        ),
    ],
)
def test_each_has_a_place_to_sign(names, printed):
    found = people(*names)
    for each in found.parties:
        each.kind = PartyKind.ORGANISATION if each.name.endswith("公司") else PartyKind.PERSON
    assert found.places_to_sign(found.parties) == printed
