"""Rules of the trade are data: each row complete, in force on its days, with its source."""

import csv
import re
from datetime import date

import pytest
from django.utils import translation

from fengqiao.kernel import clock
from fengqiao.matters.enums import Outcome
from fengqiao.matters.guards import EVIDENCE
from fengqiao.rules.queries import categories
from fengqiao.rules.queries.closing import closing_rules, rules_for

ARTICLE = re.compile("第[0-9、]+条")


def test_an_article_is_named_only_where_it_was_held_beside_its_text():
    named: list[str] = []
    for file in sorted(categories.DATA.glob("*.csv")):
        with file.open(newline="", encoding="utf-8") as handle:
            rows = [row for row in csv.DictReader(handle) if "verified" in row]
        for row in rows:
            basis = row.get("basis") or row.get("legal_basis") or ""
            if ARTICLE.search(basis) and not row["verified"]:
                named.append(f"{file.stem}: {row['id']}")
    assert named == []


def test_every_category_lies_below_one_of_the_first_level():
    known = categories.all_categories()
    first = {code for code in known if len(code) == 2}
    assert len(first) == 17  # sixteen kinds of disputes and "other"
    assert {code[:2] for code in known if len(code) == 4} == first
    assert {len(code) for code in known} == {2, 4}
    assert all(c.name_zh and c.name_en for c in known.values())


def test_no_two_categories_read_the_same():
    labels = [categories.label(code) for code in categories.all_categories()]
    assert sorted(set(labels)) == sorted(labels)


@pytest.mark.parametrize(
    ("code", "leaf"), [("0703", True), ("9999", True), ("07", False), ("0798x", False), ("", False)]
)
def test_a_matter_carries_a_category_of_the_second_level(code, leaf):
    assert categories.is_leaf(code) is leaf


def test_label_in_both_languages():
    assert categories.label("0101") == "婚恋家庭 / 恋爱婚姻"
    assert categories.label("01") == "婚恋家庭"
    assert categories.label("7777") == "7777"
    with translation.override("en"):
        assert categories.label("0101") == "Marriage and family / Courtship and marriage"


def test_in_force_on_a_day():
    everything = list(categories.all_categories().values())
    assert categories.in_force(clock.today()) == everything
    assert categories.in_force(date(2019, 12, 31)) == []


def test_the_closing_table_names_only_what_the_program_knows():
    rules = closing_rules()
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.outcomes <= set(Outcome.values), rule.id
        assert set(rule.evidence) <= set(EVIDENCE), rule.id
        assert rule.source, rule.id
    assert {name for rule in rules for name in rule.evidence} == set(EVIDENCE)


def test_every_outcome_has_a_way_to_close():
    assert [outcome for outcome in Outcome.values if not rules_for(outcome)] == []
    assert rules_for("") == []


def test_satisfaction_is_never_a_condition():
    """Where a satisfied petitioner closes, a dissatisfied one has a row too: nobody is tempted to falsify."""
    for outcome in Outcome.values:
        rows = rules_for(outcome)
        if any("not_dissatisfied" in rule.evidence for rule in rows):
            assert [
                rule.id for rule in rows if "remedies_told" in rule.evidence and "visited" in rule.evidence
            ]
