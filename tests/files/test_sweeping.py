"""Every night what belongs to no matter is removed, and nothing else."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.files.domain.storing import content_of, store
from fengqiao.files.domain.sweeping import sweep_orphans
from fengqiao.files.models import StoredFile
from fengqiao.flows import materials
from fengqiao.flows.materials import Upload
from fengqiao.kernel import clock
from fengqiao.matters.models import MatterFile
from tests import small_county
from tests.files.samples import PDF, PNG
from tests.small_county import SmallCounty, registered

pytestmark = pytest.mark.django_db

TWO_DAYS_AGO = datetime.now(UTC) - timedelta(days=2)


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture(autouse=True)
def disk(tmp_path: Path, settings) -> Path:
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    return tmp_path


def on_disk(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob("*") if p.is_file())


def made_old(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (TWO_DAYS_AGO.timestamp(), TWO_DAYS_AGO.timestamp()))


def test_a_content_without_a_record_goes_after_a_day(county: SmallCounty, disk: Path):
    actor = county.actor(Role.REGISTRAR)
    with scope(actor):
        left = store(county="440785", name="a.pdf", content=PDF)
        StoredFile.objects.filter(pk=left.pk).delete()
    assert sweep_orphans() == {}
    assert on_disk(disk) == [left.stored_as]
    made_old(disk)
    assert sweep_orphans() == {"440785": 1}
    assert on_disk(disk) == []


def test_what_a_matter_holds_stays_a_restricted_one_too(county: SmallCounty, disk: Path):
    actor = county.actor(Role.REGISTRAR)
    for confidential, content in ((False, PDF), (True, PNG)):
        matter = registered(county, confidential=confidential)
        with clock.at(TWO_DAYS_AGO):
            name = "a.png" if confidential else "a.pdf"
            materials.add(actor=actor, matter_id=matter.pk, uploads=[Upload(name, content)])
    made_old(disk)
    assert sweep_orphans() == {}
    assert len(on_disk(disk)) == 2
    with scope(actor):
        assert MatterFile.objects.count() == 2
        assert sorted(content_of(f.file) for f in MatterFile.objects.all()) == sorted([PDF, PNG])


def test_a_record_that_nothing_refers_to_goes_with_its_content(county: SmallCounty, disk: Path):
    actor = county.actor(Role.REGISTRAR)
    with scope(actor), clock.at(TWO_DAYS_AGO):
        store(county="440785", name="a.pdf", content=PDF)
    made_old(disk)
    assert sweep_orphans() == {"440785": 1}
    with scope(actor):
        assert StoredFile.objects.count() == 0


def test_a_content_left_behind_is_taken_up_again_and_is_young(county: SmallCounty, disk: Path):
    actor = county.actor(Role.REGISTRAR)
    with scope(actor):
        first = store(county="440785", name="a.pdf", content=PDF)
        StoredFile.objects.filter(pk=first.pk).delete()
        made_old(disk)
        again = store(county="440785", name="a.pdf", content=PDF)
        assert content_of(again) == PDF
    assert sweep_orphans() == {}
    assert on_disk(disk) == [again.stored_as]
