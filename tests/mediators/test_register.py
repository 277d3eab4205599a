"""The register of mediators, and whom it proposes for a matter: facts in order, each with its words, never a mark."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.scope import scope
from fengqiao.flows import mediators as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.domain import sight
from fengqiao.matters.enums import AgainstKind, State
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain.mediating import record_mediation, send_to_mediation
from fengqiao.mediation.enums import Result
from fengqiao.mediators.domain import register
from fengqiao.mediators.enums import Fit
from fengqiao.mediators.models import Mediator
from fengqiao.mediators.queries.fitting import fitting
from fengqiao.mediators.queries.register import to_enter, visible_to
from fengqiao.places.models import Stationing
from fengqiao.web.desk.matter.mediators import in_words, mediator_choices
from tests.api.test_reading import broken
from tests.api.test_writing import post
from tests.matters.ground import act, refuses
from tests.small_county import SmallCounty, brought_to, registered, wages
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)
DAY = timedelta(days=1)
LABOUR, NEIGHBOURS = "07", "02"
TOWN = "440785102000"


def entered(county: SmallCounty, place: str = "county", *, by: str = "", **said: Any) -> Mediator:
    given = {"fields": [LABOUR], "valid_from": SINCE} | said
    held = county.stationings[("mediator", place)]
    return act(county, (Role.DIRECTOR, by or "county"), register.enter, stationing_id=held.pk, **given)


def colleague(county: SmallCounty, name: str, **said: Any) -> Mediator:
    """One more mediator of the county's centre, in the register."""
    person = Person.objects.create(username=f"{name}-mediator", name=f"调解员{name}")
    county.stationings[("mediator", name)] = Stationing.objects.create(
        person=person, post=county.stationings[("mediator", "county")].post, valid_from=SINCE
    )
    return entered(county, name, **said)


def proposed(county: SmallCounty, matter: Matter, **asked: Any) -> list[tuple[str, tuple[Fit, ...]]]:
    with scope(county.actor(Role.REGISTRAR)):
        return [
            (each.mediator.person.username, each.reasons) for each in fitting(matter, clock.today(), **asked)
        ]


def test_a_leader_keeps_the_register_of_the_own_centre(county: SmallCounty):
    with refuses("post_may_not_keep_mediators"):
        act(county, Role.DISPATCHER, register.enter, **given(county))
    with refuses("post_may_not_keep_mediators"):
        entered(county, by="town")
    with refuses("post_may_not"):
        act(county, (Role.HANDLER, "labour"), register.enter, **given(county))
    for field, wrong in (
        ("fields", {"fields": ["0703"]}),
        ("languages", {"languages": ["klingon"]}),
        ("places", {"places": ["440783001000"]}),
        ("certificate", {"certificate": "证" * 201}),
    ):
        with refuses("invalid", field=field):
            entered(county, **wrong)
    with refuses("invalid", field="stationing"):
        held = county.stationings[("registrar", "county")]
        act(county, Role.DIRECTOR, register.enter, **given(county) | {"stationing_id": held.pk})
    mediator = entered(county, languages=["siyi"], places=[TOWN], certificate=" 律师证 1 ")
    assert (mediator.county, mediator.languages, mediator.certificate) == ("440785", ["siyi"], "律师证 1")
    with refuses("entered_already"):
        entered(county)
    with scope(county.actor(Role.REGISTRAR)) as registrar:
        assert list(visible_to(registrar)) == [mediator]
    with scope(county.actor(Role.REGISTRAR, "other")) as elsewhere:
        assert list(visible_to(elsewhere)) == []
        assert not Mediator.objects.exists()


def given(county: SmallCounty) -> dict[str, Any]:
    held = county.stationings[("mediator", "county")]
    return {"stationing_id": held.pk, "fields": [LABOUR], "valid_from": SINCE}


def test_an_entry_ends_on_a_day_and_can_be_made_anew(county: SmallCounty):
    mediator = entered(county)
    with scope(county.actor(Role.DIRECTOR)) as director:
        assert mediator.post_id not in {each.post_id for each in to_enter(director.centre_id)}
    with refuses("post_may_not_keep_mediators"):
        act(county, (Role.DIRECTOR, "town"), register.end, mediator_id=mediator.pk, last=SINCE)
    with refuses("mediator_not_found"):
        act(county, (Role.DIRECTOR, "other"), register.end, mediator_id=mediator.pk, last=SINCE)
    with refuses("invalid", field="last"):
        act(county, Role.DIRECTOR, register.end, mediator_id=mediator.pk, last=SINCE - DAY)
    flow.end(actor=county.actor(Role.DIRECTOR), mediator_id=mediator.pk, last=SINCE)
    with refuses("mediator_ended"):
        act(county, Role.DIRECTOR, register.end, mediator_id=mediator.pk, last=SINCE)
    assert proposed(county, registered(county)) == []
    assert entered(county, fields=[NEIGHBOURS]).fields == [NEIGHBOURS]
    with pytest.raises(NotAllowed):
        flow.enter(actor=county.actor(Role.MEDIATOR), **given(county))


def test_who_knows_the_kind_comes_first_then_who_speaks_then_who_is_near_then_who_has_less_in_hand(
    county: SmallCounty,
):
    for name, said in {
        "near": {"fields": [NEIGHBOURS], "places": [TOWN]},
        "speaks": {"fields": [NEIGHBOURS], "languages": ["hakka"]},
        "busy": {},
        "free": {},
        "near-too": {"places": ["440785102201"]},
    }.items():
        colleague(county, name, **said)
    busy = brought_to(county, State.ACCEPTED)
    sent(county, busy, "busy")
    matter = registered(county)
    field, near, speaks = (Fit.FIELD,), Fit.PLACE, Fit.LANGUAGE
    assert proposed(county, matter, language="hakka") == [
        ("near-too-mediator", (Fit.FIELD, near)),
        ("free-mediator", field),
        ("busy-mediator", field),
        ("speaks-mediator", (speaks,)),
        ("near-mediator", (near,)),
    ]
    assert len(proposed(county, matter, language="hakka")) == 5
    # Nothing is known of the place or the kind: only what is in hand, and the name.
    unknown = registered(county, division="", grid="", category="")
    assert {reasons for _name, reasons in proposed(county, unknown)} == {()}
    assert proposed(county, unknown)[-1][0] == "busy-mediator"


def test_who_must_step_aside_is_not_proposed(county: SmallCounty):
    colleague(county, "aside")
    colleague(county, "of-the-body")
    colleague(county, "free")
    labour = county.department("labour")
    held = county.stationings[("mediator", "of-the-body")]
    Stationing.objects.filter(pk=held.pk).update(home_department=labour)
    matter = registered(county, against_kind=AgainstKind.PUBLIC_BODY, against_department=labour.pk)
    aside = county.person(Role.MEDIATOR, "aside").pk
    act(county, Role.DISPATCHER, sight.recuse, matter, person_id=aside, reason="与一方是亲戚。")
    assert [name for name, _reasons in proposed(county, matter)] == ["free-mediator"]


def test_the_list_to_choose_from_says_why_and_offers_everybody(county: SmallCounty):
    mediator = colleague(county, "free", languages=["siyi"])
    done = brought_to(county, State.ACCEPTED)
    sent(county, done, "free")
    act(
        county,
        (Role.MEDIATOR, "free"),
        record_mediation,
        done,
        result=Result.EXPIRED,
        text="双方对金额分歧太大，已告知仲裁和诉讼途径。",
    )
    matter = registered(county)
    with scope(county.actor(Role.REGISTRAR)):
        [fit] = fitting(matter, clock.today())
        assert in_words(fit) == f"{mediator.person.name} · 擅长这类纠纷 · 手上 0 件 · 同类调解过 1 件"
        same = replace(wages().parties[0], name=mediator.person.name)
        [fit] = fitting(registered(county, parties=(same,)), clock.today())
        assert in_words(fit).endswith("与一方同名，请核对")
        (_nothing, (_first, [(chosen, _words)]), (_rest, others)) = mediator_choices(matter)
    assert chosen == str(mediator.person_id)
    assert [key for key, _label in others] == [str(county.person(Role.MEDIATOR).pk)]


def test_a_system_is_told_the_register_and_who_fits_a_matter(county: SmallCounty):
    colleague(county, "free", languages=["siyi"], places=[TOWN])
    colleague(county, "neighbours", fields=[NEIGHBOURS])
    matter = registered(county)
    desk = at_the_desk(county, Role.DISPATCHER)
    found = desk.get("/api/v1/mediators?field=07&language=siyi").json()["items"]
    assert [(each["fields"], each["languages"], each["places"]) for each in found] == [
        ([LABOUR], ["siyi"], [TOWN])
    ]
    fit = desk.get(f"/api/v1/matters/{matter.code}/mediators?language=siyi").json()["items"]
    assert [(each["reasons"], each["in_hand"], each["namesake"]) for each in fit] == [
        (["field", "language", "place"], 0, False),
        ([], 0, False),
    ]
    leader = at_the_desk(county, Role.DIRECTOR)
    [free] = leader.get("/api/v1/mediators/to-enter").json()["items"]
    new = {"stationing_id": free["id"], "fields": [LABOUR], "valid_from": "2026-01-01"}
    made = post(leader, "/api/v1/mediators", new)
    assert made.status_code == 201, made.content
    assert broken(post(leader, "/api/v1/mediators", new), 409) == [("", "entered_already")]
    one = f"/api/v1/mediators/{made.json()['id']}"
    assert broken(post(leader, f"{one}/end", {"last": "2025-12-31"}), 422) == [("last", "invalid")]
    assert post(leader, f"{one}/end", {"last": "2026-01-31"}).status_code == 200
    page = desk.get("/mediators/?field=02").content.decode()
    assert "调解员neighbours" in page and "调解员free" not in page


def test_a_leader_enters_and_ends_by_the_page(county: SmallCounty):
    desk = at_the_desk(county, Role.DIRECTOR)
    held = county.stationings[("mediator", "county")]
    values = {"stationing": held.pk, "valid_from": "2026-01-01", "certificate": "律师证 1"}
    wrong = desk.post("/mediators/new", values)
    assert (wrong.status_code, "律师证 1" in wrong.content.decode()) == (422, True)
    with scope(county.actor(Role.DIRECTOR)):
        assert not Mediator.objects.exists()
    answer = desk.post("/mediators/new", values | {"fields_of": [LABOUR], "languages": ["siyi"]})
    assert (answer.status_code, answer["Location"]) == (302, "/mediators/")
    with scope(county.actor(Role.DIRECTOR)):
        [mediator] = Mediator.objects.all()
    early = desk.post(f"/mediators/{mediator.pk}/end", {"last": "2025-12-31"})
    assert (early.status_code, "停用日期早于登记的开始日期。" in early.content.decode()) == (422, True)
    assert desk.post(f"/mediators/{mediator.pk}/end", {"last": "2026-01-31"}).status_code == 302
    with scope(county.actor(Role.DIRECTOR)):
        assert Mediator.objects.get().valid_until == date(2026, 1, 31)


def sent(county: SmallCounty, matter: Matter, name: str) -> None:
    with scope(county.actor(Role.REGISTRAR)):
        parties = [each.pk for each in matter.parties.all()]
    act(
        county,
        Role.REGISTRAR,
        send_to_mediation,
        matter,
        consents=dict.fromkeys(parties, True),
        mediator_id=county.person(Role.MEDIATOR, name).pk,
    )
