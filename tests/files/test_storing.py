"""Kept once for each content and county, encrypted, and noticed when the disk's copy was changed."""

import resource
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.files.domain.storing import content_of, store
from fengqiao.files.models import StoredFile
from fengqiao.kernel.crypto import Tampered, sm3
from fengqiao.kernel.errors import Invalid, Refusal
from tests import small_county
from tests.files.samples import PDF, PNG
from tests.small_county import SmallCounty

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> SmallCounty:
    return small_county.build()


@pytest.fixture(autouse=True)
def disk(tmp_path, settings) -> Path:
    """A folder of its own, so that what is on the disk can be counted."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        }
    }
    return tmp_path


def on_disk(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_a_file_comes_back_as_it_was(county, disk):
    with scope(county.actor(Role.REGISTRAR)):
        kept = store(county="440785", name="协议.pdf", content=PDF)
        assert content_of(kept) == PDF
    assert (kept.county, kept.media_type, kept.size) == ("440785", "application/pdf", len(PDF))
    [path] = on_disk(disk)
    assert path.relative_to(disk).as_posix() == f"440785/{kept.stored_as[:2]}/{kept.stored_as}"


def test_the_disk_holds_neither_content_nor_its_plain_digest(county, disk):
    with scope(county.actor(Role.REGISTRAR)):
        kept = store(county="440785", name="协议.pdf", content=PDF)
    [path] = on_disk(disk)
    assert PDF[:8] not in path.read_bytes()
    assert kept.stored_as != sm3(PDF).hex()


def test_the_same_content_is_kept_once_a_county(county, disk):
    with scope(county.actor(Role.REGISTRAR)):
        first = store(county="440785", name="协议.pdf", content=PDF)
        again = store(county="440785", name="另一个名字.pdf", content=PDF)
        assert again.pk == first.pk
        store(county="440785", name="欠条.png", content=PNG)
        assert StoredFile.objects.count() == 2
    with scope(county.actor(Role.REGISTRAR, "other")):
        elsewhere = store(county="440783", name="协议.pdf", content=PDF)
        assert list(StoredFile.objects.values_list("county", flat=True)) == ["440783"]
    assert elsewhere.stored_as != first.stored_as
    assert len(on_disk(disk)) == 3


def test_a_changed_copy_on_the_disk_is_noticed(county, disk):
    with scope(county.actor(Role.REGISTRAR)):
        kept = store(county="440785", name="协议.pdf", content=PDF)
        [path] = on_disk(disk)
        sealed = bytearray(path.read_bytes())
        sealed[-1] ^= 1
        path.chmod(0o600)
        path.write_bytes(bytes(sealed))
        with pytest.raises(Tampered):
            content_of(kept)


def test_a_file_put_in_the_place_of_another_is_noticed(county, disk):
    with scope(county.actor(Role.REGISTRAR)):
        pdf = store(county="440785", name="协议.pdf", content=PDF)
        png = store(county="440785", name="欠条.png", content=PNG)
        paths = {p.name: p for p in on_disk(disk)}
        paths[pdf.stored_as].write_bytes(paths[png.stored_as].read_bytes())
        with pytest.raises(Tampered):
            content_of(pdf)


def test_sixty_megabytes_are_refused_and_leave_nothing(county, disk):
    with scope(county.actor(Role.REGISTRAR)):
        with pytest.raises(Invalid) as refusal:
            store(county="440785", name="录像.pdf", content=PDF + bytes(60 * 1024 * 1024))
        assert StoredFile.objects.count() == 0
    assert refusal.value.errors == {"materials": "“录像.pdf”超过 50 MB，没有保存。请压缩或分开添加。"}
    assert on_disk(disk) == []


def test_exactly_the_limit_is_taken(county):
    content = PDF + bytes(settings.ATTACHMENT_MAX_BYTES - len(PDF))
    with scope(county.actor(Role.REGISTRAR)):
        kept = store(county="440785", name="大.pdf", content=content)
    assert kept.size == settings.ATTACHMENT_MAX_BYTES


def test_a_refused_kind_leaves_nothing(county, disk):
    with scope(county.actor(Role.REGISTRAR)):
        with pytest.raises(Invalid):
            store(county="440785", name="程序.exe", content=PDF)
        assert StoredFile.objects.count() == 0
    assert on_disk(disk) == []


def test_a_disk_that_takes_no_more_says_so(county, disk):
    """As root a folder cannot be closed to oneself, a file in the place of a folder can."""
    (disk / "440785").write_text("")
    with scope(county.actor(Role.REGISTRAR)):
        with pytest.raises(Refusal) as refusal:
            store(county="440785", name="协议.pdf", content=PDF)
        assert StoredFile.objects.count() == 0
    assert refusal.value.code == "storage_full"
    assert not default_storage.exists("440785/x")


def test_a_full_disk_takes_nothing_away_from_another(county, disk):
    """Somebody else is keeping the same content at this moment; here the disk refuses, there nothing changes."""
    with scope(county.actor(Role.REGISTRAR)):
        theirs = store(county="440785", name="协议.pdf", content=PDF)
        StoredFile.objects.filter(pk=theirs.pk).delete()
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16, before[1]))
        try:
            with pytest.raises(Refusal, match="磁盘写不进去"):
                store(county="440785", name="协议.pdf", content=PDF)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert [path.name for path in on_disk(disk)] == [theirs.stored_as]
        assert content_of(theirs) == PDF
