"""The pages of an import: what each says at each point, and that nothing typed or chosen is lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.exchange.models import ImportRun
from fengqiao.exchange.tasks import check_import, take_import
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from tests import small_county
from tests.exchange.files import LEDGER, ROWS_LEDGER, as_csv
from tests.exchange.test_import_runs import BAD, many, named
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk, text_of

pytestmark = pytest.mark.django_db
TEMPLATE = ("来源编号", "标题", "经过", "纠纷类型", "来源渠道", "收到时间", "发生日期", "发生地址", "反映人",
    "反映人电话", "对方类别", "对方", "诉求性质", "诉求", "涉及人数", "涉及金额", "责任单位", "办理结果",
    "办结时间")  # fmt: skip


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture(autouse=True)
def disk(tmp_path: Path, settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "stored")},
        }
    }


def sent(browser, rows, *, header=LEDGER, name="台账.csv", **more):
    file = SimpleUploadedFile(name, as_csv(header, rows))
    return browser.post(reverse("imports"), {"file": file, "as_of": "2025-12-31"} | more)


def newest(county) -> ImportRun:
    actor = county.actor(Role.DIRECTOR)
    with scope(actor):
        return ImportRun.objects.order_by("-uploaded_at").first()


def test_from_the_file_to_the_report(county: SmallCounty):
    browser = at_the_desk(county, Role.DIRECTOR)
    answer = sent(browser, [*ROWS_LEDGER, BAD])
    run = newest(county)
    page = reverse("import_run", args=[run.pk])
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    waiting = browser.get(page).content.decode()
    assert ("every 2s" in waiting, "还没有登记任何一行" in waiting) == (True, True)
    check_import(**named(run))
    preview = browser.get(page)
    assert "every 2s" not in preview.content.decode()
    for said in (
        "待确认",
        "3 可以登记",
        "1 有问题",
        "第 5 行 涉及人数 这一格写的 1 2 “1 2”不是数 怎样改 只写数字，中间不留空格，如 12",
        "确认登记这 3 行",
        "2 1 2025.3.5 黄泥坑村",
    ):
        assert said in text_of(preview), said
    assert browser.post(reverse("import_act", args=[run.pk, "confirm"])).status_code == 302
    assert 'max="4" value="0"' in browser.get(page).content.decode()
    take_import(**named(run))
    report = text_of(browser.get(page))
    assert ("已导入" in report, "3 登记 0 已有 1 退回" in report) == (True, True), report
    answer = browser.get(reverse("import_bad_rows", args=[run.pk]))
    assert (answer.content[:2], answer.headers["Cache-Control"]) == (b"PK", "private, no-store")
    assert "%E5%8F%B0%E8%B4%A6-%E6%9C%AA%E5%AF%BC%E5%85%A5" in answer.headers["Content-Disposition"]
    # Said again by a second click, it is told that it is past that.
    again = browser.post(reverse("import_act", args=[run.pk, "confirm"]))
    assert (again.status_code, "不在这一步" in text_of(again)) == (409, True)
    listed = text_of(browser.get(reverse("imports")))
    assert "登记 3 · 已有 0 · 退回 1" in listed
    with scope(county.actor(Role.DIRECTOR)):
        assert Matter.objects.count() == 3


def test_a_form_without_a_file_keeps_what_was_said_and_asks_for_it(county: SmallCounty):
    browser = at_the_desk(county, Role.DIRECTOR)
    answer = browser.post(reverse("imports"), {"mapping": "ledger", "as_of": "2025-12-31"})
    page = answer.content.decode()
    assert (answer.status_code, "请选择台账文件" in page) == (422, True)
    assert ('value="2025-12-31"' in page, '<option value="ledger" selected>' in page) == (True, True)
    for changed, says in (
        ({"as_of": "2999-01-01"}, "晚于今天"),
        ({"name": "台账.pdf"}, "不是台账文件"),
    ):
        answer = sent(browser, ROWS_LEDGER, **changed)
        assert (answer.status_code, says in text_of(answer)) == (422, True), says
        assert "浏览器不保留选好的文件" in text_of(answer) or "name" in changed
    assert newest(county) is None


def test_a_wrong_kind_is_said_and_another_one_can_be_chosen(county: SmallCounty):
    browser = at_the_desk(county, Role.DIRECTOR)
    sent(browser, ROWS_LEDGER, mapping="replied")
    run = newest(county)
    check_import(**named(run))
    page = text_of(browser.get(reverse("import_run", args=[run.pk])))
    assert "不能导入" in page
    assert "按“带答复的网上留言”检查，文件缺少列：留言编号" in page
    act = reverse("import_act", args=[run.pk, "recheck"])
    wrong = browser.post(act, {"mapping": "nothing", "as_of": "2025-12-31"})
    assert wrong.status_code == 422
    assert browser.post(act, {"mapping": "", "as_of": "2025-12-31"}).status_code == 302
    check_import(**named(run))
    assert "3 可以登记" in text_of(browser.get(reverse("import_run", args=[run.pk])))


def test_without_its_day_a_ledger_is_not_offered_for_confirming(county: SmallCounty):
    browser = at_the_desk(county, Role.DIRECTOR)
    sent(browser, ROWS_LEDGER, as_of="")
    run = newest(county)
    check_import(**named(run))
    page = text_of(browser.get(reverse("import_run", args=[run.pk])))
    assert ("请在下面填写台账日期" in page, "确认登记" in page) == (True, False)


def test_an_unknown_body_leads_to_its_page_and_back(county: SmallCounty):
    browser = at_the_desk(county, Role.DIRECTOR)
    sent(browser, [(*ROWS_LEDGER[1][:8], "某所", *ROWS_LEDGER[1][9:])])
    run = newest(county)
    check_import(**named(run))
    page = browser.get(reverse("import_run", args=[run.pk]))
    assert "某所 1 说明是哪个部门" in text_of(page)
    units = f"{reverse('import_units')}?run={run.pk}"
    asked = browser.get(f"{units}&written=某所")
    assert ('value="某所"' in asked.content.decode(), "某所 1 行 对照" in text_of(asked)) == (True, True)
    answer = browser.post(units, {"written": "某所", "department": "none"})
    assert answer.headers["Location"] == units
    said = text_of(browser.get(units))
    assert ("某所 没有对应的部门" in said, "还不知道的单位" in said, "回到这次导入" in said) == (
        True,
        False,
        True,
    )


def test_a_phone_is_masked_on_the_page(county: SmallCounty):
    browser = at_the_desk(county, Role.DIRECTOR)
    row = dict.fromkeys(TEMPLATE, "") | {"标题": "停水", "反映人": "吴某", "反映人电话": "13800000001转2"}
    sent(browser, [list(row.values())], header=TEMPLATE)
    run = newest(county)
    check_import(**named(run))
    page = browser.get(reverse("import_run", args=[run.pk]))
    assert ("13800000001" in page.content.decode(), "138*******" in page.content.decode()) == (False, True)
    assert "反映人电话" in text_of(page)


def test_an_interrupted_import_can_be_continued(county: SmallCounty):
    browser = at_the_desk(county, Role.DIRECTOR)
    sent(browser, ROWS_LEDGER)
    run = newest(county)
    address = reverse("import_act", args=[run.pk, "resume"])
    assert browser.post(address).status_code == 409
    with clock.at(clock.now() + timedelta(minutes=6)):
        page = browser.get(reverse("import_run", args=[run.pk]))
        assert ("中断了" in text_of(page), "every 2s" in page.content.decode()) == (True, False)
        assert browser.post(address).status_code == 302
    assert browser.post(reverse("import_act", args=[run.pk, "nothing"])).status_code == 403


def test_a_dropped_file_is_told_and_offers_nothing_more(county: SmallCounty):
    browser = at_the_desk(county, Role.DIRECTOR)
    sent(browser, ROWS_LEDGER)
    run = newest(county)
    check_import(**named(run))
    assert browser.post(reverse("import_act", args=[run.pk, "drop"])).status_code == 302
    page = text_of(browser.get(reverse("import_run", args=[run.pk])))
    assert ("已撤下" in page, "确认登记" in page, "重新检查" in page) == (True, False, False)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_asks_the_database_as_often_for_one_bad_row_as_for_thirty(
    county: SmallCounty, rows: int, django_assert_num_queries
):
    browser = at_the_desk(county, Role.DIRECTOR)
    sent(browser, [(*row[:6], "许多", *row[7:]) for row in many(rows)])
    run = newest(county)
    check_import(**named(run))
    browser.get(reverse("import_run", args=[run.pk]))
    with django_assert_num_queries(10):
        browser.get(reverse("import_run", args=[run.pk]))
