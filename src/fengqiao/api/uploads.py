"""Files that come with a request or go out as an answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse

from fengqiao.api.words import SHAPE_WORDS
from fengqiao.files.domain.storing import too_large
from fengqiao.flows.materials import Upload
from fengqiao.kernel.crypto import sm3
from fengqiao.kernel.errors import Invalid
from fengqiao.matters.validators import NOT_KEPT

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def taken(file: UploadedFile[Any], field: str = "file") -> Upload:
    """The file of a field; raises ``Invalid`` for a name that is not kept and for too many bytes."""
    name = file.name or ""
    if NOT_KEPT.search(name):
        raise Invalid({field: SHAPE_WORDS["not_kept"]}, code="not_kept")
    if (file.size or 0) > settings.ATTACHMENT_MAX_BYTES:
        raise Invalid({field: too_large(name).message})
    return Upload(name, file.read())


def same_file(upload: Upload) -> dict[str, Any]:
    """What stands for a file in the digest of its request."""
    return {"name": upload.name, "content": sm3(upload.content).hex()}


def as_download(name: str, content: bytes, *, kind: str = "application/octet-stream") -> HttpResponse:
    """A file to keep: never shown in the page, never kept by a cache."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
