"""Talks: planned, held, put off; notes that save themselves; a separate talk is for who mediates alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier.queries.facts import facts_of
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.kernel.ids import new_id
from fengqiao.matters.models import HistoryEvent, Party
from fengqiao.mediation.domain import people, sitting
from fengqiao.mediation.enums import Result
from fengqiao.mediation.models import Mediation, Sitting, SittingNote
from tests.matters.ground import EVERYWHERE, act, fresh, refuses, rows, told
from tests.mediation.test_mediating import recorded
from tests.mediation.test_who_mediates import colleague, mediating
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db

SECRET = "底线是两千元"


def plan(
    county: SmallCounty, matter: Any, parties: list, who: Any = Role.MEDIATOR, **changes: Any
) -> Sitting:
    given = {"kind": "joint", "way": "van", "planned_at": clock.now(), "place": "东门社区"} | changes
    return act(county, who, sitting.plan_sitting, matter, parties=parties, **given)


def begun(county: SmallCounty, matter: Any, parties: list, **changes: Any) -> Sitting:
    planned = plan(county, matter, parties, **changes)
    return act(county, Role.MEDIATOR, sitting.begin_sitting, matter, sitting_id=planned.pk)


def save(
    county: SmallCounty, matter: Any, talk: Sitting, text: str, known: int, who: Any = Role.MEDIATOR
) -> Any:
    given = {"sitting_id": talk.pk, "known": known, "text": text, "issues": "工资数额"}
    return act(county, who, sitting.save_note, matter, **given)


def test_a_joint_talk_goes_into_the_papers(county: SmallCounty):
    matter = mediating(county)
    child, firm = (row[0] for row in rows(Party, matter, "pk")[:2])
    for parties, changes, who, code, field in (
        ([], {}, Role.MEDIATOR, "invalid", "parties"),
        ([new_id()], {}, Role.MEDIATOR, "invalid", "parties"),
        ([child, firm], {"kind": "separate"}, Role.MEDIATOR, "invalid", "parties"),
        ([child], {"place": "村"}, Role.MEDIATOR, "invalid", "place"),
        ([child], {}, Role.DISPATCHER, "post_may_not", None),
    ):
        with refuses(code, field=field):
            plan(county, matter, parties, who, **changes)
    desk = at_the_desk(county, Role.MEDIATOR)
    address = f"/matters/{matter.code}/mediation"
    at = clock.now().astimezone(clock.SHANGHAI)
    sent = {"kind": "joint", "way": "video", "planned_at": f"{at:%Y-%m-%dT%H:%M}", "place": "腾讯会议",
            "parties": [str(child), str(firm)], "present": "老黄"}  # fmt: skip
    assert desk.post(f"{address}/plan", sent).status_code == 302
    talk = rows(Sitting, matter, "pk")[0][0]
    with refuses("not_talking"):
        act(county, Role.MEDIATOR, sitting.save_note, matter, sitting_id=talk, known=0, text="早", issues="")
    with refuses("no_such_sitting", field="sitting_id"):
        act(county, Role.MEDIATOR, sitting.end_sitting, matter, sitting_id=talk, parties=[])
    assert desk.post(f"{address}/begin", {"sitting_id": str(talk)}).status_code == 302
    page = desk.get(f"{address}/talks/{talk}").content.decode()
    assert 'hx-trigger="input delay:2s, submit, keep"' in page
    noting = {"known": "0", "text": "双方同意分期", "issues": "数额"}
    assert desk.post(f"{address}/talks/{talk}/note", noting).status_code == 302
    asked = desk.post(f"{address}/talks/{talk}/note", noting | {"known": "1", "text": "双方同意分期两次"},
                      headers={"HX-Request": "true"})  # fmt: skip
    assert 'name="known" id="known" value="2"' in asked.content.decode()
    # Beside the notes stands the draft: the issues go over into it, and one comes back to the talk.
    page = desk.get(f"{address}/talks/{talk}").content.decode()
    assert 'data-says="小黄"' in page and f"agreements/new/written?talk={talk}" in page
    writing = desk.get(f"/matters/{matter.code}/agreements/new/written?talk={talk}").content.decode()
    assert "数额</textarea>" in writing and f"/talks/{talk}#draft" in writing
    ending = {"sitting_id": str(talk), "parties": [str(child), str(firm)], "present": "老黄"}
    assert desk.post(f"{address}/end", ending).status_code == 302
    with scope(county.actor(Role.MEDIATOR)):
        facts = facts_of(fresh(county, matter)).values
    assert (facts["talk_notes"], facts["issues"], facts["place"]) == (
        "双方同意分期两次",
        "数额",
        "腾讯会议（视频）",
    )
    assert facts["present"] == "小黄、陶瓷公司、老黄"
    assert told(matter)[-3:] == ["mediation.plan", "mediation.begin", "mediation.end"]
    assert rows(SittingNote, matter, "version", "sealed") == [(2, False)]


def test_what_two_write_at_once_is_kept_twice(county: SmallCounty):
    matter = mediating(county)
    second = colleague(county)
    act(county, Role.MEDIATOR, people.add_helper, matter, kind="mediator", person_id=second.person_id)
    talk = begun(county, matter, [rows(Party, matter, "pk")[0][0]])
    save(county, matter, talk, "甲说三千", 0)
    county.actors[(Role.MEDIATOR, "second")] = second
    with refuses("note_changed"):
        save(county, matter, talk, "甲说五千", 0, (Role.MEDIATOR, "second"))
    save(county, matter, talk, "甲说三千，又说五千", 1, (Role.MEDIATOR, "second"))
    desk = at_the_desk(county, Role.MEDIATOR)
    mine = {"known": "1", "text": "甲说三千二", "issues": ""}
    answer = desk.post(f"/matters/{matter.code}/mediation/talks/{talk.pk}/note", mine)
    assert answer.status_code == 409
    assert "甲说三千，又说五千" in answer.content.decode()
    assert 'data-known="2"' in answer.content.decode()
    assert rows(SittingNote, matter, "version", "text") == [(1, "甲说三千"), (2, "甲说三千，又说五千")]


def test_a_separate_talk_is_for_who_mediates_and_their_leaders(county: SmallCounty):
    matter = mediating(county)
    second = colleague(county)
    county.actors[(Role.MEDIATOR, "second")] = second
    talk = begun(county, matter, [rows(Party, matter, "pk")[0][0]], kind="separate", way="on_site")
    save(county, matter, talk, SECRET, 0)

    def notes_seen_by(who: Any) -> int:
        role, place = who if isinstance(who, tuple) else (who, "county")
        with scope(county.actor(role, place)):
            return SittingNote.objects.filter(sitting=talk).count()

    sees = {who: notes_seen_by(who) for who in (
        Role.MEDIATOR, Role.DIRECTOR, Role.EXECUTIVE_DEPUTY, Role.REGISTRAR, Role.DISPATCHER, Role.SUPERVISOR,
        Role.EXCHANGE, (Role.MEDIATOR, "second"), (Role.DIRECTOR, "city"), (Role.DIRECTOR, "town"),
    )}  # fmt: skip
    assert {who for who, n in sees.items() if n} == {Role.MEDIATOR, Role.DIRECTOR, Role.EXECUTIVE_DEPUTY}
    address = f"/matters/{matter.code}/mediation/talks/{talk.pk}"
    for who, shown in ((Role.MEDIATOR, True), (Role.REGISTRAR, False)):
        assert (SECRET in at_the_desk(county, who).get(address).content.decode()) is shown
    for who in (Role.REGISTRAR, (Role.MEDIATOR, "second")):
        with refuses("sealed_talk"):
            save(county, matter, talk, "想看", 1, who)
    # The database says so by itself, whatever the program forgets.
    row = {
        "county": matter.county,
        "matter_id": matter.pk,
        "mediation_id": talk.mediation_id,
        "sitting": talk,
    }
    with pytest.raises(ProgrammingError), scope(county.actor(Role.REGISTRAR)):
        SittingNote.objects.create(**row, sealed=True, version=9, by=new_id(), at=clock.now())
    # Neither papers nor history nor the audit's words hold it; a colleague who joins reads it.
    act(county, Role.MEDIATOR, sitting.end_sitting, matter, sitting_id=talk.pk,
        parties=[rows(Party, matter, "pk")[0][0]])  # fmt: skip
    with scope(county.actor(Role.DIRECTOR)):
        assert SECRET not in str(facts_of(fresh(county, matter)).values)
    with scope(EVERYWHERE), connection.cursor() as cursor:
        assert SECRET not in "".join(map(str, HistoryEvent.objects.filter(matter=matter).values_list()))
        cursor.execute("SELECT count(*) FROM matters_word WHERE text LIKE %s", [f"%{SECRET}%"])
        assert cursor.fetchone() == (0,)
    act(county, Role.MEDIATOR, people.add_helper, matter, kind="mediator", person_id=second.person_id)
    assert notes_seen_by((Role.MEDIATOR, "second")) == 1


def test_a_talk_is_put_off_and_an_investigation_is_written_down(county: SmallCounty):
    matter = mediating(county)
    party = rows(Party, matter, "pk")[0][0]
    planned = plan(county, matter, [party])
    for changes, field in (({"why": ""}, "why"), ({"again_at": clock.now() - timedelta(days=1)}, "again_at")):
        with refuses("invalid", field=field):
            act(county, Role.MEDIATOR, sitting.adjourn_sitting, matter,
                **({"sitting_id": planned.pk, "why": "等鉴定意见"} | changes))  # fmt: skip
    again = clock.now() + timedelta(days=3)
    act(county, Role.MEDIATOR, sitting.adjourn_sitting, matter, sitting_id=planned.pk, why="等鉴定意见",
        again_at=again)  # fmt: skip
    assert [(state, why) for state, why in rows(Sitting, matter, "state", "why")] == [
        ("adjourned", "等鉴定意见"), ("planned", ""),
    ]  # fmt: skip
    asked = begun(county, matter, [], kind="investigate", way="on_site", place="厂房", present="保安吴某")
    save(county, matter, asked, "看了打卡记录", 0)
    act(
        county,
        Role.MEDIATOR,
        sitting.end_sitting,
        matter,
        sitting_id=asked.pk,
        parties=[],
        present="保安吴某",
    )
    with scope(county.actor(Role.MEDIATOR)):
        facts = facts_of(fresh(county, matter)).values
    assert (facts["findings"], facts["investigated_with"]) == ("看了打卡记录", "保安吴某")
    assert facts["investigated"].endswith("厂房（到现场）")
    recorded(county, matter, Result.ORAL)
    with pytest.raises(Refusal, match="not_talking|会谈"):
        save(county, matter, asked, "补记", 1)
    assert rows(Mediation, matter, "result") == [("oral",)]
