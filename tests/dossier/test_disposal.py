"""Dossiers whose time is over: listed by one, approved by another; the files go, the record of them stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier.models import DisposalBatch, DisposalItem, SignedPage, Volume
from fengqiao.dossier.queries import disposal as query
from fengqiao.files.models import StoredFile
from fengqiao.flows import disposing as flow
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Refusal
from fengqiao.kernel.ids import new_id
from fengqiao.matters.domain import sight
from fengqiao.matters.enums import State
from fengqiao.matters.models import Matter
from fengqiao.reviews.models import Review
from tests.dossier.hands import lie_bound, lie_signed
from tests.matters.ground import EVERYWHERE, last_audited, traces
from tests.small_county import SmallCounty, brought_to
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db

GROUNDS = "保管期满，没有继续保存的价值。"


@pytest.fixture(scope="module")
def archive(laid: SmallCounty) -> dict[str, Volume]:
    """Three dossiers in the archive: two whose time was over yesterday or before, one whose last day is today."""
    made = {}
    for name, ago in (("old", 1), ("older", 400), ("today", 0)):
        matter = brought_to(laid, State.ARCHIVED)
        with scope(EVERYWHERE):
            stored = StoredFile.objects.create(
                county="440785",
                stored_as=f"{name:0<64}",
                media_type="application/pdf",
                size=9,
                created_at=clock.now(),
            )
            volume = lie_bound(laid.actor(Role.REGISTRAR), matter.pk, stored.pk)
            Volume.objects.filter(pk=volume.pk).update(
                is_final=True, digest="ab" * 32, keep_until=clock.today() - timedelta(days=ago)
            )
            # An earlier binding holds the same papers.
            lie_bound(laid.actor(Role.REGISTRAR), matter.pk, stored.pk)
            # So does what was signed by hand.
            lie_signed(laid.actor(Role.REGISTRAR), matter.pk, stored.pk)
            made[name] = Volume.objects.get(pk=volume.pk)
    return made


def listed(county: SmallCounty, *volumes: Volume, who: Role = Role.DISPATCHER) -> DisposalBatch:
    keys = [each.pk for each in volumes]
    return flow.propose(actor=county.actor(who), volumes=keys, grounds=GROUNDS)


def decides(county: SmallCounty, batch: DisposalBatch, who: Role, place: str = "county", **said: Any) -> Any:
    given = {"approved": True, "decision": "同意销毁"} | said
    return flow.decide(actor=county.actor(who, place), batch_id=batch.pk, **given)


def refused(code: str, act: Any) -> None:
    before = traces()
    with pytest.raises(Refusal) as refusal:
        act()
    assert refusal.value.code == code
    assert traces() == before
    assert f'"code":"{code}"'.encode() in bytes(last_audited().content)


def test_listed_by_one_approved_by_another_and_the_record_stays(
    county: SmallCounty, archive: dict[str, Volume], django_assert_num_queries: Any
):
    keeper = county.actor(Role.DISPATCHER)
    with scope(keeper), django_assert_num_queries(1):
        assert [each.pk for each in query.over_at(keeper)] == [archive["older"].pk, archive["old"].pk]
    # Not before its time, not by whoever likes, not what one does not see.
    refused("not_to_dispose", lambda: listed(county, archive["old"], archive["today"]))
    refused("invalid", lambda: listed(county))
    refused("disposal_not_allowed", lambda: listed(county, archive["old"], who=Role.MEDIATOR))
    refused("volume_not_found", lambda: listed(county, Volume(pk=new_id())))
    with clock.at(clock.now() + timedelta(days=1)):
        batch = listed(county, archive["old"], archive["today"], who=Role.DIRECTOR)
    refused("not_to_dispose", lambda: listed(county, archive["old"]))
    # Who put it together does not approve it, nor somebody who is no director, nor another centre's.
    refused("disposal_by_another", lambda: decides(county, batch, Role.DIRECTOR))
    refused("disposal_by_another", lambda: decides(county, batch, Role.DISPATCHER))
    refused("batch_not_found", lambda: decides(county, batch, Role.DIRECTOR, "town"))
    # Decided a day too early for one of them: that one stays, and it is said why.
    decides(county, batch, Role.EXECUTIVE_DEPUTY)
    refused("decided_already", lambda: decides(county, batch, Role.EXECUTIVE_DEPUTY))
    with scope(keeper):
        said = {each.volume_id: (each.state, bool(each.reason)) for each in query.items_of(keeper, batch)}
        assert said == {archive["old"].pk: ("disposed", False), archive["today"].pk: ("left", True)}
        gone = Volume.objects.get(pk=archive["old"].pk)
        assert (gone.file, gone.bundle, gone.digest) == (None, None, "ab" * 32)
        assert gone.disposed_at is not None
        assert not Volume.objects.filter(matter_id=gone.matter_id, file__isnull=False).exists()
        signed = SignedPage.objects.get(matter_id=gone.matter_id)
        assert (signed.file, signed.picture, signed.digest) == (None, None, "0" * 64)
        # The content goes with the sweep, once no record names it; another dossier's is there.
        assert not StoredFile.objects.filter(pk=archive["old"].file_id).exists()
        assert StoredFile.objects.filter(pk=archive["older"].file_id).exists()
        assert Matter.objects.get(pk=gone.matter_id).state == State.ARCHIVED
        [found] = query.batches_of(keeper)
        assert (found.gone, found.listed, str(found)) == (1, 2, f"{batch.year}-1")


def test_what_is_restricted_reviewed_or_refused_stays(county: SmallCounty, archive: dict[str, Volume]):
    keeper, director = county.actor(Role.DISPATCHER), county.actor(Role.DIRECTOR)
    old, older = archive["old"], archive["older"]
    batch = listed(county, old, older)
    with scope(EVERYWHERE):
        matter = Matter.objects.get(pk=old.matter_id)
        review = Review.objects.create(
            matter=matter,
            county=matter.county,
            kind="case",
            state="opened",
            known_until=1,
            centre_id=matter.centre_id,
            opened_by_id=director.person_id,
            opened_at=clock.now(),
        )
    decides(county, batch, Role.DIRECTOR, approved=False, decision="还有保存价值")
    with scope(keeper):
        assert [each.state for each in query.items_of(keeper, batch)] == ["left", "left"]
        assert DisposalBatch.objects.get().state == "refused"
    refused("not_to_dispose", lambda: listed(county, old))
    with scope(EVERYWHERE):
        Review.objects.filter(pk=review.pk).update(state="over")
    with scope(director):
        sight.restrict_later(actor=director, matter_id=older.matter_id, reason="涉及未成年人")
    with scope(keeper):
        assert [each.pk for each in query.over_at(keeper)] == [old.pk]
    refused("volume_not_found", lambda: listed(county, older))
    # Its readers are told why it stays.
    refused("not_to_dispose", lambda: listed(county, older, who=Role.DIRECTOR))
    again = listed(county, old)
    decides(county, again, Role.DIRECTOR)
    with scope(keeper):
        assert DisposalItem.objects.filter(batch=again).get().state == "disposed"


def test_at_the_desk_and_by_the_api(county: SmallCounty, archive: dict[str, Volume]):
    keeper, director = at_the_desk(county, Role.DISPATCHER), at_the_desk(county, Role.DIRECTOR)
    old = archive["old"]
    with scope(EVERYWHERE):
        code = Matter.objects.get(pk=old.matter_id).code
    page = keeper.get(reverse("disposals")).content.decode()
    assert str(old.pk) in page
    assert str(archive["today"].pk) not in page
    wrong = keeper.post(reverse("disposals"), {"grounds": GROUNDS, "volumes": [str(archive["today"].pk)]})
    assert wrong.status_code == 409
    assert "保管期限到" in wrong.content.decode()
    way = keeper.post(reverse("disposals"), {"grounds": GROUNDS, "volumes": [str(old.pk)]}).headers[
        "Location"
    ]
    assert "提出人自己不能审批" in keeper.get(way).content.decode()
    assert director.post(way, {"approved": "yes", "decision": "同意"}).status_code == 302
    assert "已销毁" in director.get(way).content.decode()
    assert director.get(f"{way}/sheet").status_code == 200
    [told] = director.get("/api/v1/dossier-disposals").json()["items"]
    assert (told["state"], told["items"][0]["matter"], told["items"][0]["state"]) == (
        "approved",
        code,
        "disposed",
    )
    pdf = reverse("dossier_pdf", args=[code, old.pk])
    assert "已经批准销毁" in director.get(pdf).content.decode()
    sent = {"volumes": [str(archive["older"].pk)], "grounds": GROUNDS}
    made = keeper.post(
        "/api/v1/dossier-disposals", sent, "application/json", headers={"Idempotency-Key": "one"}
    )
    assert made.status_code == 201
    batch = made.json()["id"]
    decision = {"approved": False, "decision": "再留几年"}
    decided = director.post(
        f"/api/v1/dossier-disposals/{batch}/decision",
        decision,
        "application/json",
        headers={"Idempotency-Key": "two"},
    )
    assert decided.status_code == 200
    assert director.get(f"/api/v1/dossier-disposals/{batch}").json()["state"] == "refused"
    sheet = director.get(f"/api/v1/dossier-disposals/{batch}/sheet")
    assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")
    assert last_audited().verb == "dossier.disposal_sheet"
    due = keeper.get("/api/v1/dossier-disposals/due").json()["items"]
    assert {each["volume"] for each in due} == {str(archive["older"].pk)}
