"""The county's own limits in the browser: read, drafted cell by cell, approved by another, held against the last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
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
from tests.web.test_rule_pages import changed

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


def test_a_workbook_shows_what_it_would_change_before_anything_is_saved(county: SmallCounty):
    author = at_the_desk(county, AUTHOR)
    assert at_the_desk(county, Role.REGISTRAR).get(reverse("own_limits_workbook_in_force")).status_code == 200
    way = author.post(reverse("own_limits_begin")).headers["Location"]
    draft = kept(county)
    upload = reverse("own_limits_upload", args=[draft.pk])

    def sent(sheet: bytes) -> object:
        file = SimpleUploadedFile("时限.xlsx", sheet)
        return author.post(upload, {"version": draft.version, "file": file})

    content = author.get(reverse("own_limits_workbook", args=[draft.pk])).content
    for language in ("en", "zh-hans"):
        author.cookies["django_language"] = language
        page = sent(author.get(reverse("own_limits_workbook", args=[draft.pk])).content)
        assert (page.context["differences"], page.context["wrong"]) == ([], 0)
    # 编号、事项、多长、单位: the first limit is checking in, which the law bounds.
    for cells, said in (
        ({0: "centre.visit"}, "编号“centre.visit”：没有这一项时限，或者写了两次"),
        ({0: "centre.party"}, "没有这一项时限"),
        ({2: "=1+1"}, "是公式或读不出来"),
    ):
        answer = sent(changed(content, {("时限", column): value for column, value in cells.items()}))
        assert (answer.status_code, said in text_of(answer)) == (422, True)
    other = author.get(reverse("rule_table_workbook", args=["risk"])).content
    assert "缺少第二行的列名" in text_of(sent(other))

    page = sent(changed(content, {("时限", 2): 6, ("时限", 3): "Working days"}))
    assert page.status_code == 200
    assert [(each["step"], each["before"], each["after"]) for each in page.context["differences"]] == [
        ("签到报到", "24 小时", "6 个工作日")
    ]
    assert "只能比法定的短" in text_of(page)
    odd = sent(changed(content, {("时限", 2): "半天", ("时限", 3): "周"}))
    wrong = [cell for line in odd.context["lines"] for cell in line["cells"] if cell.errors]
    assert [(cell.value, len(cell.errors)) for cell in wrong] == [("半天", 1), ("周", 1)]
    assert kept(county).version == draft.version
    # What was shown is saved by the sheet's own form.
    assert author.post(way, typed(page, op="save", **{"centre.check_in-n": "2"})).status_code == 302
    assert kept(county).rows[0]["then"] == {"n": "2", "unit": "working_day"}
    assert len(kept(county).rows) == len(items())


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
