"""Opening a material of a matter."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fengqiao.flows import materials
from fengqiao.flows.reading import opened
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import MatterFile
from fengqiao.matters.queries.record import material_of
from fengqiao.web.kit.acting import actor_of_request

# What a browser shows by itself without running anything; all else is handed over to be saved.
SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"})


@require_GET
def material(request: HttpRequest, code: str, file_id: UUID) -> HttpResponse:
    """The file as it was handed in, under the name it had."""
    actor = actor_of_request(request)
    matter = opened(actor, code, door="file")
    found = material_of(matter, file_id)
    if found is None:
        raise NotAllowed("file_not_found", _("本事项没有这份材料。"))
    return as_handed_in(found, materials.opened(found))


def as_handed_in(found: MatterFile, content: bytes) -> HttpResponse:
    """A material under the name it had, shown where a browser does so by itself."""
    response = HttpResponse(content, content_type=found.file.media_type)
    way = "inline" if found.file.media_type in SHOWN else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(found.name)}"
    # Somebody else's file: it may neither run nor load anything.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
