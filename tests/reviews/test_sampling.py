"""Sampling of closed files: drawn from a seed, checked by somebody else, mended by a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.matters.enums import State
from fengqiao.reviews.domain import sampling
from fengqiao.reviews.domain.sampling import Said, drawn
from fengqiao.reviews.enums import Answer
from fengqiao.reviews.models import CheckedItem, Sample, SampledFile
from fengqiao.reviews.queries import sampling as query
from fengqiao.rules.queries.checklist import all_items, items_for, items_of
from tests.matters.ground import EVERYWHERE, act, refuses, told, words
from tests.small_county import SmallCounty, brought_to
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db
DEPUTY = Role.EXECUTIVE_DEPUTY


def sampled(
    county: SmallCounty, *, files: int = 3, wanted: int = 2, seed: str = "7"
) -> tuple[Sample, list[Any]]:
    """Some files that the director closed today, and a draw of them."""
    for _each in range(files):
        brought_to(county, State.CLOSED)
    today = clock.today()
    sample = act(county, DEPUTY, sampling.draw, first=today, last=today, wanted=wanted, seed=seed)
    with scope(EVERYWHERE):
        return sample, list(SampledFile.objects.filter(sample=sample).select_related("matter"))


def answers(file: SampledFile, **changed: Said) -> dict[str, Said]:
    items = items_for(file.matter.outcome, clock.today())
    return {item.id: Said(Answer.YES) for item in items} | changed


def test_the_seed_draws_the_same_again_and_says_when_the_files_changed(county: SmallCounty):
    sample, files = sampled(county)
    codes = [each.matter.code for each in files]
    assert (sample.population, len(files)) == (3, 2)
    with scope(county.actor(DEPUTY)):
        found = query.closed_files(sample.centre_id, ["440785"], sample.first, sample.last)
        everything = [each.code for each in found]
    assert drawn("7", everything, 2) == drawn("7", everything[::-1], 2) == codes
    again = act(county, DEPUTY, sampling.draw, first=sample.first, last=sample.last, wanted=2, seed="7")
    with scope(EVERYWHERE):
        files_again = SampledFile.objects.filter(sample=again).order_by("place")
        assert list(files_again.values_list("matter__code", flat=True)) == codes
    assert again.digest == sample.digest
    brought_to(county, State.CLOSED)
    later = act(county, DEPUTY, sampling.draw, first=sample.first, last=sample.last, wanted=2, seed="7")
    assert (later.digest == sample.digest, later.population) == (False, 4)


def test_a_file_is_checked_by_somebody_else_and_what_is_wrong_is_mended(county: SmallCounty):
    _sample, [file, _other] = sampled(county)
    day = clock.today() + timedelta(days=10)
    wrong = Said(Answer.NO, "结案依据没有入卷", day)
    for code, who, said, field in (
        ("own_closing", Role.DIRECTOR, answers(file), None),
        ("post_may_not", Role.REGISTRAR, answers(file), None),
        ("invalid", DEPUTY, {}, "registered"),
        ("invalid", DEPUTY, answers(file, closing=Said(Answer.NO, "没有入卷")), "closing"),
        ("invalid", DEPUTY, answers(file, closing=Said(Answer.NO, "没有入卷", date(2020, 1, 1))), "closing"),
    ):
        with refuses(code, field=field):
            act(county, who, sampling.check, file_id=file.pk, answers=said)
    act(
        county, Role.PETITION_INSPECTOR, sampling.check, file_id=file.pk, answers=answers(file, closing=wrong)
    )
    assert told(file.matter)[-1] == "sample.check"
    with refuses("checked_already"):
        act(county, DEPUTY, sampling.check, file_id=file.pk, answers=answers(file))
    with scope(EVERYWHERE):
        found = CheckedItem.objects.get(file=file, answer=Answer.NO)
        fine = CheckedItem.objects.filter(file=file, answer=Answer.YES).first()
    with refuses("post_may_not"):
        act(county, Role.PETITION_INSPECTOR, sampling.mend, item_id=found.pk, text="补入结案依据。")
    with refuses("nothing_to_mend"):
        act(county, Role.DISPATCHER, sampling.mend, item_id=fine.pk, text="补入结案依据。")
    act(county, Role.DISPATCHER, sampling.mend, item_id=found.pk, text="补入结案依据。")
    assert (told(file.matter)[-1], words(file.matter)) == ("sample.mend", {"summary": "补入结案依据。"})
    with refuses("nothing_to_mend"):
        act(county, Role.DISPATCHER, sampling.mend, item_id=found.pk, text="再补一次")


def test_only_those_who_direct_the_centre_draw_its_open_files(county: SmallCounty):
    today = clock.today()
    asked = {"first": today, "last": today, "wanted": 2}
    with refuses("nothing_closed"):
        act(county, DEPUTY, sampling.draw, **asked)
    for changed, field in (({"wanted": 0}, "wanted"), ({"last": today - timedelta(days=1)}, "last")):
        with refuses("invalid", field=field):
            act(county, DEPUTY, sampling.draw, **(asked | changed))
    for who in (Role.PETITION_INSPECTOR, Role.SUPERVISOR):
        with refuses("post_may_not_draw"):
            act(county, who, sampling.draw, **asked)


def test_each_number_of_the_result_opens(county: SmallCounty):
    sample, [file, other] = sampled(county)
    desk = at_the_desk(county, DEPUTY)
    way = reverse("sampled_file", args=[sample.pk, file.pk])
    typed = {f"{item}-answer": "yes" for item in answers(file)}
    assert desk.post(way, typed | {"closing-answer": "no"}).status_code == 422
    mend_by = (clock.today() + timedelta(days=5)).isoformat()
    wrong = {"closing-answer": "no", "closing-remark": "依据没有入卷", "closing-mend_by": mend_by}
    assert desk.post(way, typed | wrong).status_code == 302
    page = desk.get(reverse("sample", args=[sample.pk])).content.decode()
    assert "用这个种子重抽，结果相同。" in page
    here = reverse("sample", args=[sample.pk])
    opened = desk.get(here, {"item": "closing", "answer": "no"}).content.decode()
    assert "依据没有入卷" in opened
    assert other.matter.code in opened
    assert "依据没有入卷" in desk.get(here, {"to_mend": "1"}).content.decode()
    assert "依据没有入卷" in desk.get(way).content.decode()
    [told_] = desk.get("/api/v1/samples").json()["items"]
    assert (told_["seed"], told_["population"], told_["drawn"], told_["checked"]) == ("7", 3, 2, 1)
    # Another centre's draws are not there.
    assert at_the_desk(county, Role.DIRECTOR, "town").get(here).status_code == 403


def test_a_question_says_where_it_comes_from():
    row = dict.fromkeys(("valid_until", "verified", "note"), "") | {
        "id": "x",
        "question": "卷宗齐全",
        "outcomes": "*",
        "source": "field/dossier.md",
        "version": "1",
        "valid_from": "2022-05-01",
    }
    for wrong in ({"question": ""}, {"source": " "}):
        with pytest.raises(ValueError, match="x"):
            items_of([row | wrong])
    with pytest.raises(ValueError, match="twice"):
        items_of([row, row])
    assert len(items_for("written_agreement", clock.today())) > len(items_for("guided", clock.today()))
    assert all(item.source for item in all_items().values())
