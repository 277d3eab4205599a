"""Collecting the built assets for serving: hashed names, compressed, anew only when one has changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.management.commands.collectstatic import Command
from django.core.files.storage import storages
from django.core.management import call_command

MANIFEST_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
BUILT = Path("web/static/fengqiao/dist")


def built() -> bool:
    """Whether the pages' scripts and styles were built (`make assets`)."""
    folder = Path(__file__).resolve().parents[1] / BUILT
    return folder.is_dir() and any(folder.iterdir())


def may_collect() -> bool:
    """Whether this user may write where they are collected."""
    folder = Path(settings.STATIC_ROOT)
    return os.access(folder if folder.exists() else folder.parent, os.W_OK)


def collect() -> bool:
    """Collects them when the collected ones are not of these sources; returns whether it did."""
    stamp = Path(settings.STATIC_ROOT) / ".sources"
    now = _sources()
    if stamp.exists() and stamp.read_text() == now and stamp.with_name("staticfiles.json").exists():
        return False
    # What was collected before stays: another process may be serving pages that name it.
    # The settings take the manifest's storage only once there is a manifest, so it is named here.
    command = Command()
    command.storage = storages.create_storage({"BACKEND": MANIFEST_STORAGE})
    call_command(command, interactive=False, verbosity=0)
    stamp.write_text(now)
    return True


def _sources() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=[]):
            source = Path(storage.path(name)).stat()
            digest.update(f"{name} {source.st_size} {source.st_mtime_ns}\n".encode())
    return digest.hexdigest()
