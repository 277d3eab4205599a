"""The talent pool: listed with consent, found by field and language, asked to help with the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.flows import pool as flow
from fengqiao.kernel import clock
from fengqiao.matters.domain import sight
from fengqiao.mediation.models import Helper
from fengqiao.pool.domain import talents
from fengqiao.pool.enums import Reply
from fengqiao.pool.models import Asked, Talent
from fengqiao.pool.queries.talents import listed, to_ask
from fengqiao.rules.queries.key_fields import all_key_fields, key_field_of, key_fields_on
from tests.agreements.hands import mediating
from tests.matters.ground import act, refuses, told
from tests.pool.hands import SINCE, new_talent
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def talent(county: SmallCounty, by: str = "county", **changes: Any) -> Talent:
    return act(county, (Role.DIRECTOR, by), talents.list_talent, new=new_talent(**changes))


def test_there_are_ten_key_fields_and_the_longest_beginning_wins():
    assert len(key_fields_on(clock.today())) == 10
    assert all(each.source and each.name for each in all_key_fields().values())
    asked = ("0703", "0402", "0403", "0502", "0599", "")
    assert [key_field_of(each, clock.today()) for each in asked] == [
        "labour",
        "neighbours",
        "land",
        "medical",
        "",
        "",
    ]


def test_somebody_is_listed_with_their_consent_and_found_by_field_and_language(county: SmallCounty):
    with refuses("post_may_not_keep_pool"):
        act(county, Role.MEDIATOR, talents.list_talent, new=new_talent())
    today = clock.today()
    for field, wrong in (
        ("name", {"name": "某"}),
        ("origin", {"origin": ""}),
        ("fields", {"fields": ["07"]}),
        ("languages", {"languages": ["klingon"]}),
        ("telephone", {"telephone": "不告诉"}),
        ("agreed_on", {"agreed_on": today + DAY}),
        ("valid_until", {"valid_until": today - DAY}),
        ("person_id", {"person_id": county.person(Role.REGISTRAR, "other").pk}),
        ("certificate", {"certificate": "证" * 201}),
    ):
        with refuses("invalid", field=field):
            talent(county, **wrong)
    lawyer = talent(county)
    talent(county, name="老中医", fields=["medical"], languages=[], telephone="")
    assert b"13800001234" not in bytes(lawyer.telephone)
    with scope(county.actor(Role.REGISTRAR)) as registrar:
        assert [each.name for each in listed(registrar, today, field="labour")] == ["区律师"]
        assert [each.name for each in listed(registrar, today, language="siyi")] == ["区律师"]
        assert listed(registrar, SINCE - DAY).count() == 0
    with scope(county.actor(Role.REGISTRAR, "other")):
        assert not Talent.objects.exists()
    given = {"talent_id": lawyer.pk, "why": "约时间"}
    for who, code, field in (
        ((Role.HANDLER, "labour"), "post_may_not", None),
        ((Role.REGISTRAR, "other"), "no_telephone", None),
    ):
        with refuses(code, field=field):
            act(county, who, talents.telephone_of, **given)
    with refuses("invalid", field="why"):
        act(county, Role.REGISTRAR, talents.telephone_of, **given | {"why": " "})
    assert flow.show_telephone(actor=county.actor(Role.REGISTRAR), **given) == "13800001234"
    for last in (SINCE - DAY, lawyer.valid_until + DAY):
        with refuses("invalid", field="last"):
            act(county, Role.DIRECTOR, talents.end_talent, talent_id=lawyer.pk, last=last)
    with refuses("post_may_not_keep_pool"):
        act(county, (Role.DIRECTOR, "town"), talents.end_talent, talent_id=lawyer.pk, last=SINCE)
    with refuses("talent_not_found"):
        act(county, (Role.DIRECTOR, "other"), talents.end_talent, talent_id=lawyer.pk, last=SINCE)
    act(county, Role.DIRECTOR, talents.end_talent, talent_id=lawyer.pk, last=SINCE)
    with refuses("no_telephone"):
        act(county, Role.REGISTRAR, talents.telephone_of, **given)


def test_somebody_is_asked_to_help_and_who_agrees_takes_part(county: SmallCounty):
    lawyer = talent(county)
    doctor = talent(county, name="老中医", fields=["medical"])
    aside = talent(county, name="亲戚", person_id=county.person(Role.LEGAL_OFFICER).pk)
    matter = mediating(county)
    act(
        county,
        Role.DISPATCHER,
        sight.recuse,
        matter,
        person_id=county.person(Role.LEGAL_OFFICER).pk,
        reason="与一方是亲戚。",
    )
    with scope(county.actor(Role.REGISTRAR)):
        assert [[each.name for each in group] for group in to_ask(matter)] == [["区律师"], ["老中医"]]
    given = {"talent_id": lawyer.pk, "what": "算清工资和加班费"}
    with refuses("stepped_aside", field="talent_id"):
        act(county, Role.MEDIATOR, talents.ask_help, matter, **given | {"talent_id": aside.pk})
    with refuses("invalid", field="what"):
        act(county, Role.MEDIATOR, talents.ask_help, matter, **given | {"what": ""})
    elsewhere = talent(county, by="other")
    with refuses("invalid", field="talent_id"):
        act(county, Role.MEDIATOR, talents.ask_help, matter, **given | {"talent_id": elsewhere.pk})
    with refuses("post_may_not"):
        act(county, Role.DISPATCHER, talents.ask_help, matter, **given)
    asked = act(county, Role.MEDIATOR, talents.ask_help, matter, **given)
    with refuses("asked_already", field="talent_id"):
        act(county, Role.MEDIATOR, talents.ask_help, matter, **given)
    answer = {"asked_id": asked.pk, "reply": Reply.AGREED}
    with refuses("invalid", field="reason"):
        act(county, Role.MEDIATOR, talents.answer_help, matter, **answer | {"reply": Reply.DECLINED})
    act(county, Role.MEDIATOR, talents.answer_help, matter, **answer)
    with refuses("invalid", field="asked_id"):
        act(county, Role.MEDIATOR, talents.answer_help, matter, **answer)
    second = act(county, Role.MEDIATOR, talents.ask_help, matter, **given | {"talent_id": doctor.pk})
    declined = {"asked_id": second.pk, "reply": Reply.DECLINED, "reason": "那天要出诊"}
    act(county, Role.MEDIATOR, talents.answer_help, matter, **declined)
    with scope(county.actor(Role.DIRECTOR)):
        assert [each.name for each in Helper.objects.filter(matter=matter)] == ["区律师"]
        assert [each.reply for each in Asked.objects.filter(matter=matter)] == [Reply.AGREED, Reply.DECLINED]
    assert told(matter)[-4:] == [
        "mediation.answer_help",
        "mediation.help",
        "mediation.ask_help",
        "mediation.answer_help",
    ]
    page = text_of(at_the_desk(county, Role.MEDIATOR).get(f"/matters/{matter.code}/mediation"))
    assert "那天要出诊" in page and "算清工资和加班费" in page


def test_the_pool_by_its_pages_and_by_the_api(county: SmallCounty):
    desk = at_the_desk(county, Role.DIRECTOR)
    until = (clock.today() + DAY).isoformat()
    values = {"name": "区律师", "profession": "lawyer", "origin": "某某律师事务所", "agreed_on": "2026-01-01"}
    values |= {"valid_until": until, "telephone": "13800001234"}
    wrong = desk.post("/pool/talents/new", values)
    assert (wrong.status_code, "区律师" in wrong.content.decode()) == (422, True)
    assert desk.post("/pool/talents/new", values | {"fields_of": ["labour"]}).status_code == 302
    sent = {name: value for name, value in values.items() if name != "telephone"} | {
        "name": "心理老师",
        "profession": "psychologist",
        "fields": ["family"],
    }
    kind = "application/json"
    made = desk.post("/api/v1/talents", sent, content_type=kind, headers={"Idempotency-Key": "t-1"})
    assert made.status_code == 201
    [row] = desk.get("/api/v1/talents?field=labour").json()["items"]
    assert (row["name"], row["telephone"]) == ("区律师", "138******34")
    page = desk.get("/pool/talents/?field=labour").content.decode()
    assert "138******34" in page and "13800001234" not in page and "心理老师" not in page
    shown = desk.post(f"/pool/talents/{row['id']}/telephone", {"why": "约时间"})
    assert "13800001234" in shown.content.decode()
    last = {"last": clock.today().isoformat()}
    ended = desk.post(
        f"/api/v1/talents/{made.json()['id']}/end",
        last,
        content_type=kind,
        headers={"Idempotency-Key": "t-2"},
    )
    assert ended.status_code == 200
    assert desk.post(f"/pool/talents/{row['id']}/end", last).status_code == 302
