"""The dossier: what lies in it by outcome, bound by a job into one file and a zip, final in the archive."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta

import pypdfium2
import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier.domain import binding
from fengqiao.dossier.enums import VolumeState
from fengqiao.dossier.forms import forms
from fengqiao.dossier.marks import Mark
from fengqiao.dossier.models import Volume
from fengqiao.dossier.queries.plan import plan_of
from fengqiao.flows import materials, papers
from fengqiao.flows.materials import Upload
from fengqiao.kernel import clock
from fengqiao.kernel.crypto import sm3
from fengqiao.matters.domain import settling
from fengqiao.matters.enums import Performance, Satisfaction, VisitMethod
from fengqiao.matters.models import Matter
from fengqiao.mediation.enums import Result
from fengqiao.rules.queries.categories import DATA
from fengqiao.rules.queries.dossier import OUTCOMES, dossier_order, retentions
from tests.dossier.test_forms import mediated
from tests.dossier.test_pdf import marks_of, text_of
from tests.files.samples import PDF, PNG
from tests.matters.ground import EVERYWHERE, act, last_audited, refuses
from tests.small_county import SmallCounty, registered

REGISTRAR = (Role.REGISTRAR, "county")


def order(county: SmallCounty, matter: Matter, who=REGISTRAR, **values) -> Volume:
    return papers.order_volume(actor=county.actor(*who), matter_id=matter.pk, **values)


def bind(volume: Volume) -> Volume:
    """What the job does, then the row as it stands."""
    binding.bind(volume_id=volume.pk, county=volume.county, person_id=volume.person_id)
    with scope(EVERYWHERE):
        return Volume.objects.select_related("file", "bundle").get(pk=volume.pk)


def fetched(county: SmallCounty, matter: Matter, volume: Volume, part: str = "file", who=REGISTRAR) -> bytes:
    actor = county.actor(*who)
    return papers.download_volume(actor=actor, code=matter.code, volume_id=volume.pk, part=part)[1]


def test_the_order_of_the_statute_and_every_form_in_its_place():
    order = dossier_order()
    assert [each.place for each in order] == list(range(1, 14))
    assert {form for each in order for form in each.forms} == {form.code for form in forms()}
    assert {outcome: [each.id for each in order if outcome in each.needed] for outcome in OUTCOMES} == {
        "written": ["application", "duty", "identity", "record", "agreement"],
        "oral": ["application", "duty", "identity", "record", "agreement"],
        "failed": ["application", "duty", "identity", "record", "note"],
        "running": ["application", "duty", "identity", "record"],
    }
    for outcome in ("failed", "running"):
        assert not {"agreement", "performance", "confirmation"} & {
            e.id for e in order if outcome in e.belongs
        }
    with (DATA / "dossier.csv").open(encoding="utf-8") as rows:
        assert all(row["source"] for row in csv.DictReader(rows))
    assert {each.id: each.years for each in retentions().values()} == {
        "ten": 10,
        "thirty": 30,
        "permanent": None,
    }


@pytest.mark.parametrize(
    ("result", "places"),
    [
        (Result.WRITTEN, ["application", "duty", "identity", "power", "record", "agreement"]),
        (Result.REFUSED, ["application", "duty", "identity", "power", "record", "note"]),
    ],
)
def test_what_an_outcome_asks_for_and_what_is_lacking(county: SmallCounty, result, places):
    matter = mediated(county, result)
    with scope(county.actor(*REGISTRAR)):
        plan = plan_of(Matter.objects.get(pk=matter.pk))
    assert [entry.place.id for entry in plan.entries] == places
    # Forms are there of themselves; nobody has brought a proof of identity.
    assert plan.gaps == ["身份证明"]


def test_a_dossier_is_bound_with_its_materials_in_their_place(county: SmallCounty, disk):
    matter = mediated(county, Result.WRITTEN)
    registrar = county.actor(*REGISTRAR)
    uploads = [
        Upload("身份证.png", PNG),
        Upload("工资表.txt", "六月 3000".encode()),
        Upload("坏扫描.pdf", PDF),
        Upload("录音说明#panic().txt", b"a"),
    ]
    materials.add(actor=registrar, matter_id=matter.pk, uploads=uploads)
    volume = bind(order(county, matter, retention="ten"))
    assert (volume.state, volume.is_final, volume.gaps, volume.done) == ("done", False, [], volume.parts)
    content = fetched(county, matter, volume)
    assert (volume.digest, last_audited().verb) == (sm3(content).hex(), "dossier.download")
    titles = [
        "人民调解申请书", "人民调解受理登记表", "调解意愿登记表", "人民调解权利义务告知书", "身份证", "授权委托书",
        "工资表.txt", "坏扫描.pdf", "录音说明#panic().txt", "人民调解记录", "人民调解协议书",
    ]  # fmt: skip
    assert [row["title"] for row in volume.contents] == titles
    pages = [row["page"] for row in volume.contents]
    with pypdfium2.PdfDocument(content) as file:
        assert len(file) == volume.pages
        marked = {item.get_title(): item.get_dest().get_index() for item in file.get_toc()}
        # Behind the cover and the contents; what cannot be laid in has a sheet that says where it is.
        there = dict(zip(titles, pages, strict=True))
        assert {title: index - 1 for title, index in marked.items() if title in there} == {
            title: page for title, page in there.items() if "." not in title
        }
    text = text_of(content)
    for said in ("10年", "卷内目录", "黄䶮𠅤", "材料另存说明", "三日内付清工资。", "陶瓷<厂>&公司"):
        assert said in text
    # Every page says which paper it is of, and which page of it.
    assert marks_of(content, 0, 1 + pages[4]) == [
        str(Mark(f"{matter.code}-人民调解卷宗", 1, 1)),
        str(Mark(f"{matter.code}-附1", 1, 1)),
    ]
    with zipfile.ZipFile(io.BytesIO(fetched(county, matter, volume, "bundle"))) as bundle:
        names = bundle.namelist()
        assert "材料/05-身份证.png" in names
        assert "文书/11-人民调解协议书.docx" in names
        assert f"{volume.digest}  卷宗-{matter.code}.pdf" in bundle.read("SM3.txt").decode()
        assert bundle.read("材料/05-身份证.png") == PNG


def test_who_may_not_and_what_is_not_bound(county: SmallCounty, disk):
    matter, quarrel = mediated(county, None), registered(county)
    for who in ((Role.HANDLER, "labour"), (Role.SYSTEM_ADMINISTRATOR, "county")):
        with refuses("dossier_not_allowed"):
            order(county, matter, who)
    with refuses("matter_not_found"):
        order(county, matter, (Role.REGISTRAR, "other"))
    with refuses("no_mediation"):
        order(county, quarrel)
    with refuses("invalid", field="retention"):
        order(county, matter, retention="forever")
    volume = order(county, matter)
    with refuses("dossier_waits"):
        order(county, matter)
    # What nobody goes on with can be ordered anew.
    with clock.at(clock.now() + binding.LOST_AFTER + timedelta(seconds=1)):
        assert binding.is_lost(volume)
        order(county, matter)
    with refuses("volume_not_found"):
        fetched(county, matter, volume, who=(Role.SUPERVISOR, "county"))


def test_a_job_that_cannot_bind_says_why_and_keeps_no_file(county: SmallCounty, disk, settings, monkeypatch):
    matter = mediated(county, None)
    fonts, settings.FONTS = settings.FONTS, [str(disk)]
    volume = bind(order(county, matter))
    assert (volume.state, volume.file, "字体" in volume.reason) == (VolumeState.REFUSED, None, True)
    settings.FONTS = fonts

    def meanwhile(**values):
        added = [Upload("收条.png", PNG)]
        materials.add(actor=county.actor(*REGISTRAR), matter_id=matter.pk, uploads=added)
        return bound(**values)

    bound = binding.bound
    monkeypatch.setattr(binding, "bound", meanwhile)
    volume = bind(order(county, matter))
    assert (volume.state, volume.file, "变动" in volume.reason) == (VolumeState.REFUSED, None, True)


def test_the_archive_binds_for_the_last_time(county: SmallCounty, disk):
    matter = mediated(county, Result.WRITTEN)
    order(county, matter, retention="permanent")
    report = settling.VisitReport(
        method=VisitMethod.PHONE,
        reached=True,
        satisfaction=Satisfaction.SATISFIED,
        performance=Performance.PERFORMED,
    )
    act(county, Role.REGISTRAR, settling.return_visit, matter, report=report)
    act(county, Role.DISPATCHER, settling.evaluate, matter, lawful=True, complete=True)
    act(county, Role.DIRECTOR, settling.close, matter)
    act(county, Role.DIRECTOR, settling.archive, matter)
    with scope(EVERYWHERE):
        ordered = Volume.objects.filter(matter_id=matter.pk).last()
    assert (ordered.state, ordered.is_final) == (VolumeState.ORDERED, False)
    volume = bind(ordered)
    # Permanently, as was chosen before: there is no last day.
    assert (volume.is_final, volume.retention, volume.keep_until) == (True, "permanent", None)
    assert [row["title"] for row in volume.contents][-3:] == ["协议履行情况登记表", "回访记录", "结案报告表"]
    audited = last_audited()
    assert (audited.verb, volume.digest.encode() in bytes(audited.content)) == ("dossier.bound", True)
    # The job again changes nothing, and nothing takes its place.
    assert bind(volume).digest == volume.digest
    with refuses("dossier_final"):
        order(county, matter)


def test_a_period_runs_from_the_year_after():
    assert retentions()["ten"].last_day(date(2026, 3, 1)) == date(2036, 12, 31)
