"""The county's own limits in the browser: read, drafted cell by cell, approved by another, held against the last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.rules.enums import OwnTable, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.rules.queries.county_limits import items
from tests.matters.ground import county, laid
from tests.rules.drafts import APPROVER, AUTHOR
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

__all__ = ["county", "laid"]
pytestmark = pytest.mark.django_db


def kept(county: SmallCounty) -> TableVersion:
    with scope(county.actor(AUTHOR)):
        return TableVersion.objects.filter(kind=OwnTable.LIMITS).order_by("number").last()


def typed(page: object, **changes: str) -> dict[str, str]:
    """What the form would send, some of its cells changed."""
    sent = {cell.name: cell.value for line in page.context["lines"] for cell in line["cells"]}
    return sent | {"version": str(page.context["seen"]), "note": page.context["note"]} | changes


def test_from_the_proposal_to_the_day_on_which_it_holds(county: SmallCounty):
    author, director = at_the_desk(county, AUTHOR), at_the_desk(county, APPROVER)
    said = text_of(at_the_desk(county, Role.REGISTRAR).get(reverse("own_limits")))
    assert "还没有施行" in said
    assert "信访工作条例(2022) 第23条：5 个工作日" in said
    assert "还没有施行" in text_of(author.get(reverse("rules")))
    assert at_the_desk(county, Role.REGISTRAR).post(reverse("own_limits_begin")).status_code == 403
    way = author.post(reverse("own_limits_begin")).headers["Location"]
    page = author.get(way)
    assert [line["step"] for line in page.context["lines"]][0] == "综治中心自设 · 签到报到"
    # What is wrong is kept as it was typed, with the article beside its cell.
    wrong = {
        "centre.check_in-n": "6",
        "centre.check_in-unit": "working_day",
        "centre.visit-n": "",
        "note": "试行",
    }
    answer = author.post(way, typed(page, op="submit", **wrong))
    assert answer.status_code == 422
    errors = {
        cell.name: cell.errors for line in answer.context["lines"] for cell in line["cells"] if cell.errors
    }
    assert list(errors) == ["centre.check_in-n"]
    assert "只能比法定的短：信访工作条例(2022) 第23条规定 5 个工作日。" in text_of(answer)
    assert (kept(county).state, len(kept(county).rows)) == (VersionState.DRAFT, len(items()) - 1)
    stale = author.post(way, typed(page, op="save", note="另一扇窗"))
    assert (stale.status_code, kept(county).note) == (409, "试行")
    answer = author.post(way, typed(author.get(way), op="submit", **{"centre.check_in-n": "2"}))
    assert answer.status_code == 302
    # Its author cannot approve it, and it never begins today.
    waiting = kept(county)
    act = reverse("own_limits_act", args=[waiting.pk, "approve"])
    tomorrow = clock.today() + timedelta(days=1)
    sent = {"version": waiting.version, "effective_from": tomorrow.isoformat()}
    assert author.post(act, sent).status_code == 403
    early = director.post(act, sent | {"effective_from": clock.today().isoformat()})
    assert early.status_code == 422
    assert "从明天起才能生效" in text_of(early)
    assert kept(county).state == VersionState.SUBMITTED
    page = director.get(reverse("own_limits_version", args=[waiting.pk]))
    assert [(each["step"], each["before"], each["after"]) for each in page.context["differences"]] == [
        ("签到报到", "24 小时", "2 个工作日"),
        ("回访", "7 个工作日", ""),
    ]
    assert director.post(act, sent).status_code == 302
    with clock.at(clock.now() + timedelta(days=1)):
        said = text_of(at_the_desk(county, Role.REGISTRAR).get(reverse("own_limits")))
        assert "2 个工作日" in said
        assert "没有设的：回访" in said
        ended = director.post(
            reverse("own_limits_act", args=[waiting.pk, "end"]),
            {"version": kept(county).version, "until": clock.today().isoformat()},
        )
    assert (ended.status_code, kept(county).effective_until) == (302, tomorrow)


def test_another_county_neither_reads_nor_writes_it(county: SmallCounty):
    author = at_the_desk(county, AUTHOR)
    author.post(reverse("own_limits_begin"))
    draft = kept(county)
    stranger: Client = at_the_desk(county, AUTHOR, "other")
    assert stranger.get(reverse("own_limits_version", args=[draft.pk])).status_code == 403
    assert stranger.post(reverse("own_limits_edit", args=[draft.pk])).status_code == 403
    # Nor is it a decision table, and its doors do not open it.
    assert author.get(reverse("rule_version", args=[draft.pk])).status_code == 403
    assert author.post(reverse("own_limits_act", args=[draft.pk, "burn"])).status_code == 404
    assert kept(county).version == draft.version
