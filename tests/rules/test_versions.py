"""A county's own version of a table: drafted by one, approved by another, in force from its day, never changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.audit.models import Entry
from fengqiao.flows import rule_tables as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal, Stale
from fengqiao.rules.deciding import Row, kept
from fengqiao.rules.domain.drafting import NotReady, problems
from fengqiao.rules.enums import Standing, TableKind, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.rules.policies import may_approve, may_draft, may_read_tables
from fengqiao.rules.queries.tables import in_force, shipped
from fengqiao.rules.queries.versions import row_changes, version_by_id, versions_of
from tests.matters.ground import AUDITING
from tests.rules.drafts import APPROVER, AUTHOR, drafted, published, submitted, with_row
from tests.small_county import SmallCounty

RISK, TRACK = TableKind.RISK, TableKind.TRACK
COUNTY = "440785"
DAY = timedelta(days=1)


def medium_for_all(rows: list[Row]) -> list[Row]:
    """R99 answers otherwise, so that the change is seen in every ordinary matter."""
    return with_row(rows, "R99", then={"level": "medium"}, reason="本县一律先按中风险")


def state_of(county: SmallCounty, version: TableVersion) -> tuple:
    with scope(county.actor(AUTHOR)):
        return (
            TableVersion.objects.filter(pk=version.pk).values_list("state", "version", "rows", "note").get()
        )


def test_the_shipped_table_answers_until_a_version_of_the_county_begins(county: SmallCounty):
    today = clock.today()
    version = published(county, RISK, medium_for_all, since=today + DAY)
    with scope(county.actor(Role.REGISTRAR)):
        assert in_force(RISK, county=COUNTY, on=today) is shipped(RISK)
        tomorrow = in_force(RISK, county=COUNTY, on=today + DAY)
    assert (tomorrow.id, tomorrow.version, tomorrow.version_in_words) == (version.pk, "1", "第 1 版")
    assert tomorrow.ask({"people": 2}).row.reason == "本县一律先按中风险"
    assert shipped(RISK).ask({"people": 2}).row.then == {"level": "low"}
    assert version.standing(today) is Standing.UPCOMING
    assert version.standing(today + DAY) is Standing.IN_FORCE


def test_it_is_compiled_once_and_asked_for_with_one_statement(county: SmallCounty, django_assert_num_queries):
    published(county, RISK, medium_for_all)
    with scope(county.actor(Role.REGISTRAR)):
        with django_assert_num_queries(2):
            first = in_force(RISK, county=COUNTY, on=clock.today())
        with django_assert_num_queries(1):
            assert in_force(RISK, county=COUNTY, on=clock.today()) is first


def test_another_county_keeps_its_own(county: SmallCounty):
    version = published(county, RISK, medium_for_all)
    with scope(county.actor(AUTHOR, "other")) as stranger:
        assert in_force(RISK, county="440783", on=clock.today()) is shipped(RISK)
        assert version_by_id(stranger, version.pk) is None
        # The wall, not the query: the row is not there at all.
        assert not TableVersion.objects.filter(pk=version.pk).exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            TableVersion.objects.create(
                county=COUNTY, kind=RISK, number=9, author_id=stranger.person_id, drafted_at=clock.now()
            )
    with pytest.raises(NotAllowed):
        flow.drop(actor=county.actor(AUTHOR, "other"), version_id=version.pk, version=version.version)


def test_a_later_version_ends_the_one_before_and_ending_it_brings_the_shipped_one_back(county: SmallCounty):
    today = clock.today()
    first = published(county, RISK, medium_for_all)
    second = published(county, RISK, since=today + 3 * DAY)
    assert (second.number, second.base) == (2, "1")
    with scope(county.actor(APPROVER)) as actor:
        assert [each.number for each in versions_of(actor, RISK)] == [2, 1]
        assert version_by_id(actor, first.pk).effective_until == today + 2 * DAY
        assert in_force(RISK, county=COUNTY, on=today + 2 * DAY).id == first.pk
        assert in_force(RISK, county=COUNTY, on=today + 3 * DAY).id == second.pk
    flow.end(
        actor=county.actor(APPROVER), version_id=second.pk, version=second.version, until=today + 9 * DAY
    )
    with scope(county.actor(APPROVER)):
        assert in_force(RISK, county=COUNTY, on=today + 9 * DAY).id == second.pk
        assert in_force(RISK, county=COUNTY, on=today + 10 * DAY) is shipped(RISK)


def test_dates_that_overlap_or_lie_back_are_refused_beside_the_date(county: SmallCounty):
    today = clock.today()
    published(county, RISK, since=today + 3 * DAY)
    waiting = submitted(county, RISK)
    before = state_of(county, waiting)
    for day, said in (
        (today + 3 * DAY, "重叠"),
        (today, "重叠"),
        (today - DAY, "不能早于今天"),
    ):
        with pytest.raises(Invalid) as refused:
            flow.approve(
                actor=county.actor(APPROVER),
                version_id=waiting.pk,
                version=waiting.version,
                effective_from=day,
            )
        assert said in refused.value.errors["effective_from"]
    assert state_of(county, waiting) == before


def test_the_approver_is_another_person_and_the_database_holds_to_it(county: SmallCounty):
    director = county.actor(APPROVER)
    made = flow.begin(actor=director, kind=RISK)
    made = flow.rewrite(actor=director, version_id=made.pk, version=made.version, note="试改")
    made = flow.submit(actor=director, version_id=made.pk, version=made.version)
    before = state_of(county, made)
    with pytest.raises(NotAllowed) as refused:
        flow.approve(actor=director, version_id=made.pk, version=made.version, effective_from=clock.today())
    assert refused.value.code == "own_draft"
    assert state_of(county, made) == before
    with scope(director), pytest.raises(DatabaseError), transaction.atomic():
        TableVersion.objects.filter(pk=made.pk).update(approver_id=director.person_id)
    flow.approve(
        actor=county.actor(Role.EXECUTIVE_DEPUTY),
        version_id=made.pk,
        version=made.version,
        effective_from=clock.today(),
    )


def test_only_its_author_changes_a_draft_and_a_stale_window_overwrites_nothing(county: SmallCounty):
    draft = drafted(county, RISK)
    before = state_of(county, draft)
    with pytest.raises(NotAllowed):
        flow.rewrite(actor=county.actor(APPROVER), version_id=draft.pk, version=draft.version, rows=[])
    with pytest.raises(Stale):
        flow.rewrite(actor=county.actor(AUTHOR), version_id=draft.pk, version=draft.version - 1, rows=[])
    with pytest.raises(Refusal) as twice:
        flow.begin(actor=county.actor(APPROVER), kind=RISK)
    assert twice.value.code == "drafted_already"
    assert state_of(county, draft) == before
    # Anyone who drafts may give it up, so that an author who left blocks nobody.
    flow.drop(actor=county.actor(APPROVER), version_id=draft.pk, version=draft.version)
    assert flow.begin(actor=county.actor(APPROVER), kind=RISK).number == 2


def test_what_was_published_or_dropped_is_never_changed(county: SmallCounty):
    version = published(county, RISK)
    dropped = drafted(county, RISK)
    flow.drop(actor=county.actor(AUTHOR), version_id=dropped.pk, version=dropped.version)
    for act, more in ((flow.rewrite, {"rows": []}), (flow.submit, {}), (flow.take_back, {}), (flow.drop, {})):
        with pytest.raises(Refusal) as refused:
            act(actor=county.actor(AUTHOR), version_id=version.pk, version=version.version, **more)
        assert refused.value.code == "table_state"
    with scope(county.actor(AUTHOR)):
        for pk, change in (
            (version.pk, {"rows": []}),
            (version.pk, {"state": "draft"}),
            (version.pk, {"effective_from": clock.today() - DAY}),
            (dropped.pk, {"state": "draft"}),
        ):
            with pytest.raises(DatabaseError, match="not changed"), transaction.atomic():
                TableVersion.objects.filter(pk=pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            TableVersion.objects.filter(pk=version.pk).delete()


def test_a_version_is_sent_back_with_a_remark_and_taken_back_by_its_author(county: SmallCounty):
    waiting = submitted(county, RISK)
    with pytest.raises(Invalid):
        flow.send_back(
            actor=county.actor(APPROVER), version_id=waiting.pk, version=waiting.version, remark=" "
        )
    back = flow.send_back(
        actor=county.actor(APPROVER), version_id=waiting.pk, version=waiting.version, remark="人数请改为二十"
    )
    assert (back.state, back.remark) == (VersionState.DRAFT, "人数请改为二十")
    again = flow.submit(actor=county.actor(AUTHOR), version_id=back.pk, version=back.version)
    mine = flow.take_back(actor=county.actor(AUTHOR), version_id=again.pk, version=again.version)
    assert mine.state == VersionState.DRAFT


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: [], "表是空的"),
        (lambda rows: [*rows, rows[0]], "R01：行号：行号重复"),
        (
            lambda rows: with_row(rows, "R03", when={"people": ">= 50"}),
            "R03：涉及人数：没有填写这一项时无法判断",
        ),
        (
            lambda rows: with_row(rows, "R03", when={"risk": "'high'"}),
            "R03：研判的风险：这一项要等本表自己的结果",
        ),
        (lambda rows: with_row(rows, "R03", when={"record": "true"}), "R03：record：规则只问事项本身"),
        (lambda rows: with_row(rows, "R03", basis=""), "R03：依据：请写明依据"),
        (
            lambda rows: with_row(rows, "R12", when={"people": "$ != null and $ >= 20"}),
            "十二名工人讨薪：示例该由 R12",
        ),
    ],
)
def test_a_table_with_problems_is_kept_as_a_draft_and_never_submitted(county: SmallCounty, change, said):
    draft = drafted(county, RISK, change)
    before = state_of(county, draft)
    with pytest.raises(NotReady) as refused:
        flow.submit(actor=county.actor(AUTHOR), version_id=draft.pk, version=draft.version)
    assert any(str(each).startswith(said) for each in refused.value.problems), refused.value.problems
    assert state_of(county, draft) == before
    assert [str(each) for each in problems(draft)] == [str(each) for each in refused.value.problems]


def test_an_examples_table_is_asked_for(county: SmallCounty):
    author = county.actor(AUTHOR)
    draft = drafted(county, RISK)
    draft = flow.rewrite(actor=author, version_id=draft.pk, version=draft.version, examples=[])
    with pytest.raises(NotReady, match="没有示例"):
        flow.submit(actor=author, version_id=draft.pk, version=draft.version)


def test_a_stored_version_that_can_no_longer_be_asked_says_so_and_leaves_it_to_a_person(county: SmallCounty):
    """As when a later program no longer knows a code: never an error page, never the next row."""
    rows = [Row("T01", {"danger": "'plague'"}, {"track": "legal"}, "理由", "建议")]
    with scope(county.actor(APPROVER)):
        TableVersion.objects.create(
            county=COUNTY,
            kind=TRACK,
            number=1,
            state=VersionState.PUBLISHED,
            rows=kept(rows),
            author_id=county.actor(AUTHOR).person_id,
            approver_id=county.actor(APPROVER).person_id,
            drafted_at=clock.now(),
            submitted_at=clock.now(),
            approved_at=clock.now(),
            effective_from=clock.today(),
        )
        answer = in_force(TRACK, county=COUNTY, on=clock.today()).ask({})
    assert answer.needs_hand
    assert answer.error.startswith("分类流转规则 第 1 版：T01：紧急危险：")


def test_who_reads_drafts_and_approves(county: SmallCounty):
    for place in ("county", "city", "other"):
        for role in Role:
            if (role, place) not in county.stationings:
                continue
            actor = county.actor(role, place)
            assert may_draft(actor) == (
                role in {Role.DISPATCHER, Role.DIRECTOR, Role.EXECUTIVE_DEPUTY, Role.STANDING_DEPUTY}
            )
            assert may_approve(actor) == (role in {Role.DIRECTOR, Role.EXECUTIVE_DEPUTY})
    assert not may_draft(county.actor(Role.DIRECTOR, "town"))
    assert not may_approve(county.actor(Role.DIRECTOR, "town"))
    assert may_read_tables(county.actor(Role.REGISTRAR, "town"))
    assert not may_read_tables(county.actor(Role.SYSTEM_ADMINISTRATOR))
    assert not may_read_tables(county.actor(Role.HANDLER, "labour"))
    for role in (Role.REGISTRAR, Role.SYSTEM_ADMINISTRATOR, Role.EXCHANGE):
        with pytest.raises(NotAllowed):
            flow.begin(actor=county.actor(role), kind=RISK)


def test_every_act_and_every_refusal_is_audited(county: SmallCounty):
    version = published(county, RISK)
    with pytest.raises(Refusal):
        flow.drop(actor=county.actor(AUTHOR), version_id=version.pk, version=version.version)
    with scope(AUDITING):
        said = list(
            Entry.objects.filter(verb__startswith="rules.")
            .order_by("chain", "seq")
            .values_list("verb", "result")
        )
    assert said == [
        ("rules.begin", "done"),
        ("rules.rewrite", "done"),
        ("rules.submit", "done"),
        ("rules.approve", "done"),
        ("rules.drop", "refused"),
    ]


def test_the_difference_names_rows_added_gone_changed_and_moved():
    def row(name: str, **more: object) -> Row:
        return replace(Row(name, {"people": "> 1"}, {"level": "low"}, "因", "据"), **more)

    before = [row("A"), row("B"), row("C"), row("D")]
    after = [row("B"), row("A", reason="另因"), row("N"), row("D", when={})]
    found = {each.id: each for each in row_changes(before, after)}
    assert set(found) == {"A", "B", "C", "D", "N"}
    assert (found["A"].changed, found["A"].moved) == ({"reason"}, True)
    assert (found["B"].changed, found["B"].moved) == (frozenset(), True)
    assert (found["D"].changed, found["D"].moved) == ({"people"}, False)
    assert found["N"].before is None
    assert found["C"].after is None
    assert row_changes(before, before) == []
