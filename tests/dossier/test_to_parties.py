"""Letters to parties: asked to a talk, reminded of a term before and after its day, told of the time for the court."""

from __future__ import annotations

from datetime import datetime, timedelta

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain import performing
from fengqiao.dossier.paper import Paper
from fengqiao.dossier.queries.papers import papers_of
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain import standing
from tests.agreements.hands import does, mediating, parties_of, pays, signed, terms_of
from tests.clocks.test_keeping import NOON
from tests.matters.ground import act
from tests.mediation.test_talks import plan
from tests.small_county import SmallCounty

TITLES = {"调解会谈通知书", "协议履行提醒函", "催告履行函", "司法确认告知书"}
COMMITTEE = "恩城街道人民调解委员会"


def letters(
    county: SmallCounty, matter: Matter, at: datetime, who: tuple[Role, str] = (Role.MEDIATOR, "county")
) -> list[Paper]:
    with clock.at(at), scope(county.actor(*who)) as actor:
        found = papers_of(actor, Matter.objects.select_related("centre", "holder").get(pk=matter.pk))
    return [each for each in found if each.title in TITLES]


def test_each_letter_says_what_was_agreed_and_until_when_and_goes_when_it_is_done(county: SmallCounty):
    with clock.at(NOON):
        matter = mediating(county)
        assert letters(county, matter, NOON) == []
        given = {"initiative": "applied", "body": "people", "name": COMMITTEE}
        act(county, Role.MEDIATOR, standing.set_footing, matter, **given)
        worker, firm = parties_of(matter)[:2]
        talk = plan(county, matter, [worker.pk, firm.pk], planned_at=NOON + timedelta(days=4))
    [asked] = letters(county, matter, NOON)
    assert (asked.title, asked.reference, asked.signed_by) == ("调解会谈通知书", talk.pk, COMMITTEE)
    assert asked.addressee == f"{worker.name}、{firm.name}"
    assert asked.rows[0] == ("会谈时间", "2026年9月7日 12:00")
    assert "人民调解法第二十三条" in asked.paragraphs[-1]
    with clock.at(NOON):
        agreement = signed(county, matter, pays(matter), does(matter, days=60))
        wage, deed = terms_of(agreement)
    # The talk is no more; the wage is due in thirty days, and the court can be asked until the holidays are over.
    [court] = letters(county, matter, NOON)
    assert (court.title, court.addressee) == ("司法确认告知书", f"{worker.name}、{firm.name}")
    assert "在2026年10月8日以前（含当日）共同" in court.paragraphs[1]
    soon, _court = letters(county, matter, NOON + timedelta(days=25))
    assert (soon.title, soon.reference, soon.addressee) == ("协议履行提醒函", wage.pk, firm.name)
    assert f"付给{worker.name}人民币5,000.00元" in soon.paragraphs[0]
    assert soon.paragraphs[1].startswith("约定的最后一日是2026年10月3日。")
    later = NOON + timedelta(days=32)
    late = letters(county, matter, later)[0]
    assert (late.title, late.rows) == ("催告履行函", ())
    # Another day changes not one word of it: a copy that was signed stays this letter's.
    assert letters(county, matter, later + timedelta(days=3))[0] == late
    with clock.at(later):
        paid = {"term_id": wage.pk, "on": clock.today(), "text": "转账，有回单。"}
        act(county, Role.MEDIATOR, performing.perform, amount=2000, **paid)
    assert letters(county, matter, later)[0].rows == (("已付", "2,000.00元，还欠3,000.00元"),)
    with clock.at(later):
        act(county, Role.MEDIATOR, performing.perform, amount=3000, **paid)
    assert letters(county, matter, later)[0].title == "司法确认告知书"
    assert [each.reference for each in letters(county, matter, NOON + timedelta(days=58))] == [deed.pk]
    # No department prints them.
    assert letters(county, matter, later, (Role.HANDLER, "labour")) == []
