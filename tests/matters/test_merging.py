"""Merging: two matters about one trouble. Nobody who brought one of them stays without an answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, alarming, lifting, settling
from fengqiao.matters.domain.merging import merge
from fengqiao.matters.domain.settling import VisitReport
from fengqiao.matters.domain.sight import restrict_later
from fengqiao.matters.enums import Danger, Outcome, Satisfaction, State, VisitMethod
from fengqiao.matters.models import Matter, MatterLink, Party
from fengqiao.matters.queries.work import waiting_for
from tests import small_county
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows, told, words
from tests.small_county import SmallCounty, brought_to, registered

REASON = "同一家厂拖欠同一批工资"


def two(county: SmallCounty, **changes: Any) -> tuple[Matter, Matter]:
    """The main matter and the one that is to be merged into it."""
    return registered(county), registered(county, **changes)


def merged(county: SmallCounty, **changes: Any) -> tuple[Matter, Matter]:
    main, other = two(county, **changes)
    act(county, Role.DISPATCHER, merge, other, main_id=main.pk, reason=REASON)
    return main, other


def result_of(county: SmallCounty, main: Matter) -> None:
    act(county, Role.REGISTRAR, accepting.accept, main)
    act(county, Role.INDUSTRY_OFFICER, accepting.settle_on_spot, main, result="厂方已经付清工资。")


def visit(county: SmallCounty, matter: Matter, said: Satisfaction = Satisfaction.SATISFIED) -> None:
    report = VisitReport(method=VisitMethod.PHONE, reached=True, satisfaction=said)
    act(county, Role.REGISTRAR, settling.return_visit, matter, report=report)


def waits(county: SmallCounty, matter: Matter) -> bool:
    actor = county.actor(Role.REGISTRAR)
    with scope(actor):
        return waiting_for(actor).filter(pk=matter.pk).exists()


def test_merging_keeps_both_histories_and_all_parties(county: SmallCounty) -> None:
    main, other = two(county)
    parties = [rows(Party, each, "name", "role") for each in (main, other)]
    before = [told(main), told(other)]
    act(county, Role.DISPATCHER, merge, other, main_id=main.pk, reason=REASON)
    now = fresh(county, other)
    assert (now.state, now.outcome, now.merged_into_id) == (State.SETTLED, Outcome.MERGED, main.pk)
    assert told(other) == [*before[1], "matter.merge"]
    assert told(main) == [*before[0], "matter.merged_in"]
    assert words(other) == {"reason": REASON}
    assert [rows(Party, each, "name", "role") for each in (main, other)] == parties
    assert rows(MatterLink, other, "other_id", "reason") == [(main.pk, REASON)]
    assert fresh(county, main).state == State.REGISTERED
    # Whoever has the main matter's page open learns that something was added to it.
    assert fresh(county, main).version == main.version + 1


def test_its_petitioner_is_answered_when_the_main_matter_has_a_result(county: SmallCounty) -> None:
    main, other = merged(county)
    assert not waits(county, other)
    with refuses("main_has_no_result"):
        visit(county, other)
    with refuses("evidence_missing") as refusal:
        act(county, Role.DIRECTOR, settling.close, other)
    assert str(refusal.value) == "还不能结案，缺少：主事项的结果、回访。"
    result_of(county, main)
    assert waits(county, other)
    # The main matter's own closing does not answer for those who brought this one.
    with refuses("evidence_missing"):
        act(county, Role.DIRECTOR, settling.close, other)
    visit(county, other)
    act(county, Role.DISPATCHER, settling.close, other)
    assert fresh(county, other).state == State.CLOSED


def test_who_is_not_content_is_told_the_remedies(county: SmallCounty) -> None:
    main, other = merged(county)
    result_of(county, main)
    visit(county, other, Satisfaction.DISSATISFIED)
    with refuses("evidence_missing"):
        act(county, Role.DIRECTOR, settling.close, other)
    act(county, Role.REGISTRAR, settling.tell_remedies, other, text="三十日内可以申请复查")
    act(county, Role.DISPATCHER, settling.close, other)
    assert fresh(county, other).state == State.CLOSED


def test_nobody_to_answer_waits_for_the_result_all_the_same(county: SmallCounty) -> None:
    main, other = merged(county, parties=())
    with refuses("evidence_missing"):
        act(county, Role.DISPATCHER, settling.close, other)
    result_of(county, main)
    act(county, Role.DISPATCHER, settling.close, other)
    assert fresh(county, other).state == State.CLOSED


def test_when_the_main_matter_is_withdrawn_the_other_is_opened_again(county: SmallCounty) -> None:
    """One petitioner's withdrawal takes nothing from another."""
    main, other = merged(county)
    act(county, Role.REGISTRAR, settling.withdraw, main, reason="本人表示不再反映")
    assert waits(county, other)
    with refuses("main_has_no_result"):
        visit(county, other)
    with refuses("evidence_missing"):
        act(county, Role.DIRECTOR, settling.close, other)
    act(county, Role.DIRECTOR, settling.reopen, other, reason="主事项已撤回，单独办理")
    now = fresh(county, other)
    assert (now.state, now.outcome, now.merged_into_id) == (State.ASSESSING, "", None)
    # That they were linked stays written.
    assert rows(MatterLink, other, "other_id") == [(main.pk,)]


def test_what_the_departments_had_ends_with_the_merging(county: SmallCounty) -> None:
    main, other = registered(county), brought_to(county, State.HANDLING)
    act(county, Role.DIRECTOR, merge, other, main_id=main.pk, reason=REASON)
    assert rows(Assignment, other, "state") == [("ended",)]


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.MEDIATOR, Role.PETITION_INSPECTOR])
def test_only_who_directs_merges(county: SmallCounty, role: Role) -> None:
    main, other = two(county)
    with refuses("post_may_not"):
        act(county, role, merge, other, main_id=main.pk, reason=REASON)


def refused(county: SmallCounty, code: str, other: Matter, main: Matter, who: Any = Role.DIRECTOR) -> None:
    with refuses(code, field="main"):
        act(county, who, merge, other, main_id=main.pk, reason=REASON)


def test_never_into_itself_nor_in_a_circle(county: SmallCounty) -> None:
    main, other = merged(county)
    third = registered(county)
    refused(county, "same_matter", main, main)
    refused(county, "main_is_merged", main, other)
    refused(county, "main_is_merged", third, other)
    refused(county, "is_a_main", main, third)


def test_never_onto_what_is_over(county: SmallCounty) -> None:
    other = registered(county)
    withdrawn = registered(county)
    act(county, Role.REGISTRAR, settling.withdraw, withdrawn, reason="本人表示不再反映")
    for main in (brought_to(county, State.CLOSED), brought_to(county, State.ARCHIVED), withdrawn):
        refused(county, "main_is_over", other, main)


def test_never_between_restricted_and_open(county: SmallCounty) -> None:
    main, other = two(county)
    act(county, Role.DIRECTOR, restrict_later, other, reason="涉及未成年人")
    refused(county, "other_restriction", other, main)
    refused(county, "other_restriction", main, other)
    # Who may not even read the other hears only that there is none.
    with refuses("matter_not_found"):
        act(county, Role.DISPATCHER, merge, main, main_id=other.pk, reason=REASON)


def test_never_across_counties_or_centres(county: SmallCounty) -> None:
    other = registered(county)
    elsewhere = small_county.registered(
        county, "other", division="", grid="", address="", title="开平一厂欠薪"
    )
    with refuses("matter_not_found"):
        act(county, Role.DIRECTOR, merge, other, main_id=elsewhere.pk, reason=REASON)
    # The city sees both: raised to it, what came from two counties stays two matters.
    for matter, place in ((other, "county"), (elsewhere, "other")):
        act(county, (Role.DIRECTOR, place), lifting.raise_up, matter, reason="两县同一企业，市级统筹")
    refused(county, "other_county", other, elsewhere, (Role.DIRECTOR, "city"))
    # What the town holds is not the county's to merge.
    towns = registered(county, "town")
    refused(county, "other_holder", registered(county), towns)


def test_a_complaint_stays_apart_from_the_body_complained_of(county: SmallCounty) -> None:
    main, other = two(county, against_kind="public_body", against_department=county.department("housing").id)
    refused(county, "other_complaint", other, main)


def test_danger_is_not_merged_away(county: SmallCounty) -> None:
    main, other = two(county)
    act(county, Role.DIRECTOR, alarming.danger, other, kind=Danger.VIOLENCE, summary="扬言要打人")
    refused(county, "danger_stays", other, main)
    act(county, Role.DIRECTOR, alarming.danger, main, kind=Danger.VIOLENCE, summary="扬言要打人")
    act(county, Role.DIRECTOR, merge, other, main_id=main.pk, reason=REASON)
    assert fresh(county, other).merged_into_id == main.pk


def test_a_reason_is_needed_and_an_old_page_is_refused(county: SmallCounty) -> None:
    main, other = two(county)
    with refuses("invalid", field="reason"):
        act(county, Role.DIRECTOR, merge, other, main_id=main.pk, reason="同")
    with refuses("stale"):
        act(county, Role.DIRECTOR, merge, other, main_id=main.pk, reason=REASON, version=other.version + 1)


@pytest.mark.parametrize(
    "written", [{"outcome": "merged"}, {"merged_into_id": "itself", "outcome": "merged"}]
)
def test_the_database_holds_it_too(county: SmallCounty, written: dict[str, Any]) -> None:
    matter = registered(county)
    if "merged_into_id" in written:
        written = written | {"merged_into_id": matter.pk}
    with scope(EVERYWHERE), pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.filter(pk=matter.pk).update(settled_at=clock.now(), **written)
