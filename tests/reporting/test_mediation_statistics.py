"""人民调解统计表: a quarter in which mediations ended in every way, and the form that equals the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain import performing
from fengqiao.clocks.domain import stating
from fengqiao.clocks.enums import FactKind
from fengqiao.confirmation.domain import tracking
from fengqiao.kernel import clock
from fengqiao.matters.domain import accepting, alarming, settling
from fengqiao.matters.enums import Channel, Danger, ProcedureKind
from fengqiao.matters.models import Matter
from fengqiao.mediation.domain.mediating import record_mediation
from fengqiao.mediation.domain.standing import set_footing
from fengqiao.mediation.enums import Result
from fengqiao.reporting.periods import offered, period_of
from fengqiao.reporting.queries import mediation_proofs
from fengqiao.reporting.queries import mediation_statistics as query
from fengqiao.reporting.queries.mediation_proofs import proofs_of, proved
from fengqiao.rules.queries.categories import all_categories
from fengqiao.rules.queries.mediation_statistics import (
    origin_of,
    report_categories,
    report_category,
    unreached,
)
from tests.agreements.hands import mediating, pays, signed, terms_of
from tests.confirmation.hands import filed, prepared
from tests.matters.ground import act
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 10, 12, 4, tzinfo=UTC)
BEFORE, AFTER = datetime(2026, 9, 28, 4, tzinfo=UTC), datetime(2027, 1, 6, 4, tzinfo=UTC)
QUARTER = period_of("2026Q4")


def test_every_category_of_the_ledger_has_its_place_in_the_form():
    assert len(report_categories()) == 18
    names = {each.name_zh for each in report_categories()}
    assert {each.mediation_report for each in all_categories().values()} <= names
    assert [each.id for each in unreached()] == ["tourism", "online"]
    assert (report_category("0703"), report_category(""), report_category("8888")) == (
        "wages",
        "other",
        "other",
    )
    assert [origin_of("visit", each) for each in ("applied", "own", "")] == ["applied", "own", "unsaid"]
    assert origin_of("court_assigned", "applied") == "court"


def test_periods_are_quarters_and_years():
    assert (QUARTER.first, QUARTER.last) == (date(2026, 10, 1), date(2026, 12, 31))
    # In Shanghai the quarter begins while it is still September in UTC.
    assert QUARTER.has(datetime(2026, 9, 30, 16, tzinfo=UTC))
    assert not QUARTER.has(datetime(2026, 12, 31, 16, tzinfo=UTC))
    assert [period_of(each) for each in ("2026Q5", "1999", "2026Q1 ", "x")] == [None] * 4
    keys = [each.key for each in offered(date(2026, 2, 1))]
    assert (keys[:3], keys[-2:]) == (["2026Q1", "2025Q4", "2025Q3"], ["2025", "2024"])


def a_quarter(county: SmallCounty) -> dict[str, Matter]:
    """One mediation for each way in which one can end, and what lies over the quarter's two ends."""
    made: dict[str, Matter] = {}

    def at_court(matter: Matter) -> None:
        """What a court was asked: "signed" was withdrawn, asked again and confirmed, "barred" refused."""
        with clock.at(NOON):
            footing = {"body": "people", "name": "恩城街道人民调解委员会", "initiative": "applied"}
            act(county, Role.MEDIATOR, set_footing, matter, **footing)
            agreement = signed(county, matter, pays(matter, "5000.00"))
        with clock.at(NOON + timedelta(days=1)):
            first = filed(county, matter, prepared(county, agreement))
            said = {"case_id": first.pk, "on": clock.today(), "text": "材料不全。"}
            if made.get("barred") == matter:
                act(county, Role.MEDIATOR, tracking.refuse, **said)
            if made.get("signed") == matter:
                act(county, Role.MEDIATOR, tracking.withdraw, **said)
                again = filed(county, matter, prepared(county, agreement))
                ruled = {"case_id": again.pk, "on": clock.today()}
                act(county, Role.MEDIATOR, tracking.docket, **ruled, number="（2026）粤0785民特1号")
                act(county, Role.MEDIATOR, tracking.confirm, **ruled)

    def begun(name: str, at: datetime = NOON, **changes: Any) -> Matter:
        with clock.at(at):
            made[name] = mediating(county, received_at=at - timedelta(hours=2), **changes)
        return made[name]

    def ended(name: str, result: Result, at: datetime = NOON + timedelta(days=2), **more: Any) -> None:
        said = {"result": result, "text": "双方说定了，三日内办到。"} | more
        with clock.at(at):
            act(county, Role.MEDIATOR, record_mediation, made[name], **said)

    begun("before", BEFORE, category="0201")
    ended("before", Result.WRITTEN)
    begun("oral", category="", amount=Decimal("800.50"))
    ended("oral", Result.ORAL, performance_due=date(2026, 11, 1))
    for name, channel in (("signed", Channel.COURT), ("barred", Channel.VISIT), ("asked", Channel.VISIT)):
        at_court(begun(name, category="0503", channel=channel))
    # Not kept, and opened again; kept term by term; stated for the limits alone.
    begun("broken", category="0201")
    ended("broken", Result.ORAL, performance_due=date(2026, 11, 1))
    begun("kept", category="0201")
    with clock.at(NOON):
        agreement = signed(county, made["kept"], pays(made["kept"], "90.00"))
        [term] = terms_of(agreement)
        kept = {
            "term_id": term.pk,
            "on": clock.today(),
            "amount": Decimal(90),
            "text": "当面付清，收条存卷。",
        }
        act(county, Role.MEDIATOR, performing.perform, **kept)
    with clock.at(NOON + timedelta(days=30)):
        said = {"performed": False, "summary": "到期没有做到。"}
        act(county, Role.MEDIATOR, settling.record_performance, made["broken"], **said)
        applied = {"kind": FactKind.CONFIRMATION_APPLIED, "at": clock.now()}
        act(county, Role.LEGAL_OFFICER, stating.record, made["oral"], **applied)
    for result in (Result.REFUSED, Result.EXPIRED, Result.SUED, Result.NOT_FIT, Result.WITHDRAWN):
        ended(str(begun(result).title and result), result)
    matter = begun("danger", danger=Danger.VIOLENCE)
    with clock.at(NOON):
        act(
            county, Role.MEDIATOR, set_footing, matter, body="centre", name="恩平市综治中心", initiative="own"
        )
        act(county, Role.DIRECTOR, alarming.danger_over, matter, summary="双方已分开，情绪平稳。")
    ended("danger", Result.ORAL)
    matter = begun("left")
    with clock.at(NOON + timedelta(days=1)):
        act(county, Role.REGISTRAR, settling.withdraw, matter, reason="当事人说不再反映了")
    matter = begun("court")
    with clock.at(NOON + timedelta(days=1)):
        suit = {"kind": ProcedureKind.LITIGATION, "body": "恩平市人民法院", "explanation": "已向法院起诉。"}
        act(county, Role.LEGAL_OFFICER, accepting.redirect, matter, **suit)
    begun("running")
    begun("after", AFTER)
    begun("reopened", category="0201")
    ended("reopened", Result.ORAL)
    with clock.at(NOON + timedelta(days=3)):
        act(county, Role.DIRECTOR, settling.reopen, made["reopened"], reason="约定没有做到，问题又出现。")
    return made


def _sheets(content: bytes) -> list[Any]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return [book.get_sheet_by_index(place) for place in range(len(book.sheet_names))]


WHOLE = {
    "open_before": 1, "begun": 16, "applied": 2, "own": 1, "court": 1, "unsaid": 12, "parties": 32, "people": 192,
    "amount": Decimal("800.50"), "hard": 0, "ended": 16, "written": 5, "oral": 4, "failed": 5, "withdrawn": 2,
    "promised": Decimal(15090), "performed": 1, "performing": 4, "defaulted": 1, "nothing_due": 3,
    "confirm_applied": 4, "confirm_pending": 1, "confirm_confirmed": 1, "confirm_refused": 1,
    "confirm_withdrawn": 1, "prevented": 1, "criminal": 0, "open_after": 1,
}  # fmt: skip


def _meanwhile(matter: Matter, *states: str) -> Any:
    """Looking at the form while somebody else works: the matter is in another of these states at each look."""
    then = iter(states)

    def look(*given: Any, **more: Any) -> Any:
        Matter.objects.filter(pk=matter.pk).update(state=next(then))
        return query.form_of(*given, **more)

    return look


def test_the_form_is_the_ledger_to_the_unit_and_each_number_opens(
    county: SmallCounty, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
):
    made = a_quarter(county)
    desk = at_the_desk(county, Role.DIRECTOR)
    actor = county.actor(Role.DIRECTOR)
    with clock.at(AFTER), scope(actor):
        with django_assert_num_queries(11), CaptureQueriesContext(connection) as asked:
            form = query.form_of(actor, QUARTER)
            proofs = proofs_of(actor, form)
        assert {name: form.value("total", name) for name in WHOLE} == WHOLE
        # What was said in confidence is not even asked for.
        assert not any("sitting" in each["sql"] for each in asked)
        for name in query.COUNTERS:
            kinds = [form.value(each.id, name) for each in report_categories()]
            assert sum(kinds) == form.value("total", name), name
        assert [form.value(each, "ended") for each in ("neighbours", "traffic", "other")] == [4, 3, 1]
        assert form.uncategorised() == 1
        lines = {each.id: (each.form, each.ledger, each.holds) for each in proofs}
        assert lines == {
            "begun": (16, 16, True),
            "agreed": (9, 9, True),
            "not_agreed": (5, 5, True),
            "ended": (16, 16, True),
            "stock": (17, 17, True),
            "kinds": (17, 17, True),
            "performance": (9, 9, True),
            "confirm_applied": (4, 4, True),
            "confirm_confirmed": (1, 1, True),
            "confirm_refused": (1, 1, True),
            "confirm_withdrawn": (1, 1, True),
            "confirm": (4, 4, True),
            "open": (1, 1, True),
            "outcome": (9, 7, True),
            "stated": (3, 4, True),
        }
        # Each difference is named.
        named = {each.id: each.differ for each in proofs if each.differ and each.note}
        assert named == {
            "outcome": (made["broken"].code, made["reopened"].code),
            "stated": (made["oral"].code,),
        }
        # A history that says otherwise is found, with its matter.
        Matter.objects.filter(pk=made["running"].pk).update(state="assessing")
        wrong = {each.id: each for each in proofs_of(actor, form)}["open"]
        assert (wrong.holds, wrong.differ) == (False, (made["running"].code,))
        # What somebody changes between two looks is told as no difference.
        with monkeypatch.context() as patched:
            patched.setattr(
                mediation_proofs, "form_of", _meanwhile(made["running"], "assessing", "mediating")
            )
            assert all(each.holds for each in proved(actor, QUARTER)[1])
        Matter.objects.filter(pk=made["running"].pk).update(state="assessing")
        assert [each.id for each in proved(actor, QUARTER)[1] if not each.holds] == ["open"]
        Matter.objects.filter(pk=made["running"].pk).update(state="mediating")
    asking = {"period": "2026Q4"}
    with clock.at(AFTER):
        page = desk.get(reverse("mediation_statistics"), asking).content.decode()
        way = reverse("mediation_statistics_rows", args=["wages", "failed"])
        assert f'href="{way}?period=2026Q4"><b>5</b>' in page
        assert made["reopened"].code in page
        rows = desk.get(way, asking).content.decode()
        shown = {name for name, matter in made.items() if matter.code in rows}
        assert shown == {"refused", "expired", "sued", "not_fit", "court"}
        content = desk.get(reverse("mediation_statistics_sheet"), asking).content
        sheet, proof = (table.to_python() for table in _sheets(content))
        assert sheet[20][1:] == [float(form.value("total", each)) for each in query.COUNTERS]
        assert [row[1:3] for row in proof[1:]] == [[each.form, each.ledger] for each in proofs]
        told = desk.get("/api/v1/statistics/mediation", asking).json()
        [total] = [each for each in told["kinds"] if each["kind"] == "total"]
        assert {
            each["counter"]: Decimal(each["value"]) for each in total["counters"]
        }.items() >= WHOLE.items()
        assert desk.get("/api/v1/statistics/mediation", {"period": "2026Q9"}).status_code == 422
        by_program = desk.get("/api/v1/statistics/mediation/sheet", asking).content
        assert [table.to_python() for table in _sheets(by_program)] == [sheet, proof]
        assert desk.get(reverse("mediation_statistics_rows", args=["wages", "nonsense"])).status_code == 404
        # Another county's post counts its own, and an old quarter knows nothing of this one.
        elsewhere = county.actor(Role.DIRECTOR, "other")
        with scope(elsewhere):
            assert query.form_of(elsewhere, QUARTER).held == ()
        with scope(actor):
            old = query.form_of(actor, period_of("2026Q3"))
            assert [each.code for each in old.held] == [made["before"].code]
            assert all(each.holds for each in proofs_of(actor, old))
            said = StringIO()
            asked = ("statistics", "--period", "2026Q4", "--county", "440785")
            call_command(*asked, stdout=said)
            assert said.getvalue().splitlines()[0].startswith("16 = 16 ")
            # A number that cannot be accounted for is named, and the command fails.
            Matter.objects.filter(pk=made["running"].pk).update(state="assessing")
            with pytest.raises(CommandError, match="does not equal the ledger"):
                call_command(*asked, stdout=said)
            assert f"1 ≠ 0  至今在调 = 台账中“调解中”的事项 {made['running'].code}" in said.getvalue()
            assert query.form_of(actor, QUARTER, centre=county.centres["town"].pk).held == ()
