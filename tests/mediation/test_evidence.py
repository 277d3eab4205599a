"""What parties promise to bring: written once, waited for on the mediator's day, there or not; sealed where it was said
apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.utils import ProgrammingError
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock
from fengqiao.kernel.ids import new_id
from fengqiao.matters.models import MatterFile, Party
from fengqiao.mediation.domain import evidence, people
from fengqiao.mediation.enums import Result
from fengqiao.mediation.models import PromisedEvidence
from tests.api.test_agreements import seen
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.files.samples import PDF
from tests.matters.ground import act, refuses, rows, told
from tests.mediation.test_mediating import recorded
from tests.mediation.test_talks import begun, plan
from tests.mediation.test_who_mediates import colleague, mediating
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def promise(county: SmallCounty, matter: Any, party: Any, who: Any = Role.MEDIATOR, **changes: Any) -> Any:
    given = {"what": "三个月的工资条", "by_day": clock.today() + 3 * DAY} | changes
    return act(county, who, evidence.promise, matter, party_id=party, **given)


def test_from_the_promise_to_the_paper(county: SmallCounty, disk: object):
    matter = mediating(county)
    worker, firm = (row[0] for row in rows(Party, matter, "pk")[:2])
    talk = begun(county, matter, [worker, firm])
    for changes, who, code, field in (
        ({"what": " "}, Role.MEDIATOR, "invalid", "what"),
        ({"party_id": new_id()}, Role.MEDIATOR, "invalid", "party_id"),
        ({"by_day": clock.today() - DAY}, Role.MEDIATOR, "invalid", "by_day"),
        ({"sitting_id": new_id()}, Role.MEDIATOR, "no_such_sitting", "sitting_id"),
        ({}, Role.DISPATCHER, "post_may_not", None),
    ):
        with refuses(code, field=field):
            act(county, who, evidence.promise, matter,
                **{"party_id": worker, "what": "工资条", "by_day": clock.today()} | changes)  # fmt: skip
    # From the page of the talk, which it leads back to.
    desk = at_the_desk(county, Role.MEDIATOR)
    here = reverse("mediation_sitting", args=[matter.code, talk.pk])
    door = reverse("mediation_act", args=[matter.code, "promise"])
    assert f"{door}?sitting={talk.pk}" in desk.get(here).content.decode()
    day = clock.today() + 3 * DAY
    sent = {"party_id": str(worker), "what": "三个月的工资条", "by_day": f"{day}", "sitting_id": str(talk.pk)}
    led = desk.post(door, sent, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{here}"})
    assert led.headers["HX-Redirect"] == here
    [first] = rows(PromisedEvidence, matter, "pk")
    promise(county, matter, firm, what="考勤记录", by_day=clock.today())
    # It stands on the mediator's day, under the next talk, and on its page.
    plan(county, matter, [worker, firm])
    today = text_of(desk.get(reverse("mediation_today")))
    assert f"答应 {day} 以前带来：三个月的工资条" in today and "等当事人带来的材料" in today
    again = reverse("mediation_sitting", args=[matter.code, plan(county, matter, [firm]).pk])
    assert "三个月的工资条" in text_of(desk.get(again)) and "考勤记录" in text_of(desk.get(again))
    with clock.at(clock.now() + DAY):
        assert "过了日子 陶瓷公司 考勤记录" in text_of(desk.get(reverse("mediation_today")))
    brought = {"evidence_id": first[0], "came_on": clock.today()}
    for changes, code, field in (
        ({"came_on": clock.today() - DAY}, "invalid", "came_on"),
        ({"came_on": clock.today() + DAY}, "invalid", "came_on"),
        ({"paper_id": new_id()}, "invalid", "paper_id"),
        ({"evidence_id": new_id()}, "no_such_evidence", "evidence_id"),
    ):
        with refuses(code, field=field):
            act(county, Role.MEDIATOR, evidence.bring, matter, **brought | changes)
    door = reverse("mediation_act", args=[matter.code, "bring"])
    came = {"evidence_id": str(first[0]), "came_on": clock.today().isoformat()}
    assert desk.post(door, came | {"materials": SimpleUploadedFile("工资条.pdf", PDF)}).status_code == 302
    [(paper, purpose)] = rows(MatterFile, matter, "pk", "purpose")
    assert purpose == "当事人提供的证据"
    states = {
        what: (state, kept)
        for what, state, kept in rows(PromisedEvidence, matter, "what", "state", "paper_id")
    }
    assert states == {"三个月的工资条": ("came", paper), "考勤记录": ("waiting", None)}
    with refuses("no_such_evidence", field="evidence_id"):
        act(county, Role.MEDIATOR, evidence.lapse, matter, evidence_id=first[0], why="没有了")
    # Nothing that was typed is cut off.
    [other] = [key for key, state in rows(PromisedEvidence, matter, "pk", "state") if state == "waiting"]
    with refuses("invalid", field="why"):
        act(county, Role.MEDIATOR, evidence.lapse, matter, evidence_id=other, why="没" * 501)
    # The other one does not come: by the API.
    browser = at_the_desk(county, Role.MEDIATOR)
    told_of = browser.get(f"/api/v1/matters/{matter.code}/mediation").json()["evidence"]
    assert [(each["what"], each["state"], each["late"]) for each in told_of] == [
        ("考勤记录", "waiting", False), ("三个月的工资条", "came", False),
    ]  # fmt: skip
    lapsing = f"/api/v1/matters/{matter.code}/mediation/evidence/{told_of[0]['id']}/lapse"
    assert broken(post(browser, lapsing, {"why": "x"}, **seen(matter)), 422)[0][0] == "why"
    assert post(browser, lapsing, {"why": "说没有考勤机"}, **seen(matter)).json()["said"] == "lapse"
    page = text_of(desk.get(reverse("mediation", args=[matter.code])))
    assert "说没有考勤机" in page and "工资条.pdf" in page
    assert [each for each in told(matter) if each.split(".")[1] in ("promise", "bring", "lapse")] == [
        "mediation.promise", "mediation.promise", "mediation.bring", "mediation.lapse",
    ]  # fmt: skip
    # What is still waited for when they stop mediating is waited for no more.
    promise(county, matter, firm, what="转账凭证", by_day=clock.today())
    recorded(county, matter, Result.ORAL)
    assert "转账凭证" not in text_of(desk.get(reverse("mediation_today")))


def test_what_was_promised_apart_is_sealed(county: SmallCounty):
    matter = mediating(county)
    worker = rows(Party, matter, "pk")[0][0]
    county.actors[(Role.MEDIATOR, "second")] = second = colleague(county)
    apart = begun(county, matter, [worker], kind="separate", way="on_site")
    for who in (Role.REGISTRAR, (Role.MEDIATOR, "second")):
        with refuses("sealed_talk"):
            promise(county, matter, worker, who, sitting_id=apart.pk)
    secret = promise(county, matter, worker, what="和老板的录音", sitting_id=apart.pk)
    assert secret.sealed

    def seen_by(role: Role, place: str = "county") -> int:
        with scope(county.actor(role, place)):
            return PromisedEvidence.objects.filter(pk=secret.pk).count()

    who_see = ((Role.MEDIATOR, "county"), (Role.DIRECTOR, "county"), (Role.REGISTRAR, "county"),
               (Role.SUPERVISOR, "county"), (Role.MEDIATOR, "second"), (Role.DIRECTOR, "city"))  # fmt: skip
    assert [seen_by(*who) for who in who_see] == [1, 1, 0, 0, 0, 0]
    for role, there in ((Role.MEDIATOR, True), (Role.REGISTRAR, False)):
        for name in ("mediation", "mediation_today"):
            page = at_the_desk(county, role).get(
                reverse(name, args=[matter.code] if name == "mediation" else [])
            )
            assert ("和老板的录音" in page.content.decode()) is there
    with refuses("no_such_evidence", field="evidence_id"):
        act(county, Role.REGISTRAR, evidence.bring, matter, evidence_id=secret.pk, came_on=clock.today())
    with pytest.raises(ProgrammingError), scope(county.actor(Role.REGISTRAR)):
        PromisedEvidence.objects.create(
            matter_id=matter.pk, county=matter.county, mediation_id=secret.mediation_id, sealed=True, party_id=worker,
            what="x", by_day=clock.today(), promised_at=clock.now(), recorded_by=new_id(),
        )  # fmt: skip
    act(county, Role.MEDIATOR, people.add_helper, matter, kind="mediator", person_id=second.person_id)
    assert seen_by(Role.MEDIATOR, "second") == 1
