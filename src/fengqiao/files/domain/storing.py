"""Keeping a file: encrypted for its county, once for each content."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from fengqiao.files.domain.kinds import media_type
from fengqiao.files.models import StoredFile
from fengqiao.kernel import clock, crypto
from fengqiao.kernel.errors import Invalid, Refusal


def store(*, county: str, name: str, content: bytes, kind: str = "") -> StoredFile:
    """Keeps a file of a county and returns its record; the same content is kept once.

    ``kind`` is the media type where the caller has looked at the content itself.

    Raises ``Invalid`` (field ``materials``) for a kind that is not taken, a content that does not fit the name
    or one above the limit, ``Refusal`` where the disk takes no more. Whoever calls it adds the record that
    refers to the file in the same transaction: without one nobody can open it.
    """
    if len(content) > settings.ATTACHMENT_MAX_BYTES:
        raise too_large(name)
    kind = kind or media_type(name, content)
    keys = crypto.Keyring.load(settings.KEYRING)
    stored_as = crypto.content_name(keys, county=county, digest=crypto.sm3(content))
    known = StoredFile.objects.filter(county=county, stored_as=stored_as).first()
    if known is not None:
        return known
    path = path_of(county, stored_as)
    sealed = crypto.protect_bytes(keys, county=county, row=stored_as, field="file", value=content)
    try:
        write_whole(Path(default_storage.path(path)), sealed)
    except OSError as full:
        raise Refusal("storage_full", _("存放材料的磁盘写不进去，请联系系统管理员。")) from full
    return StoredFile.objects.create(
        county=county, stored_as=stored_as, media_type=kind, size=len(content), created_at=clock.now()
    )


def content_of(stored: StoredFile) -> bytes:
    """The content again; raises ``crypto.Tampered`` when the file on the disk was changed."""
    with default_storage.open(path_of(stored.county, stored.stored_as)) as handle:
        sealed = handle.read()
    return crypto.reveal_bytes(
        crypto.Keyring.load(settings.KEYRING),
        county=stored.county,
        row=stored.stored_as,
        field="file",
        protected=sealed,
    )


def too_large(name: str) -> Invalid:
    """What is said of a file above the limit, before or after it was read."""
    most = settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)
    sentence = _("“%(name)s”超过 %(most)d MB，没有保存。请压缩或分开添加。")
    return Invalid({"materials": sentence % {"name": name[:80], "most": most}})


def write_whole(target: Path, sealed: bytes) -> None:
    """Puts the file in its place whole, on the disk before its record commits.

    What is there already, of a transaction that did not come about or that is still at work, is replaced and
    never taken away first: another's file does not go when this one finds no room. Its age is then new, so
    that the sweep does not take it.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        with part.open("xb") as handle:
            handle.write(sealed)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        part.unlink(missing_ok=True)


def path_of(county: str, stored_as: str) -> str:
    """Where a content lies, below the folder of files."""
    return f"{county}/{stored_as[:2]}/{stored_as}"
