"""Adding materials to a matter and opening them again, from any door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.files.domain.storing import content_of, store
from fengqiao.flows.once import Once
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.domain.amending import attach
from fengqiao.matters.models import Matter, MatterFile


@dataclass(frozen=True)
class Upload:
    """A file as it was handed in: the name it had and what is in it."""

    name: str
    content: bytes


def add(
    *,
    actor: Actor,
    matter_id: UUID,
    uploads: Iterable[Upload],
    purpose: str = "",
    version: int | None = None,
    once: Once | None = None,
) -> list[MatterFile]:
    """Adds all files or none."""
    with attempt(actor, verb="matter.attach", subject=f"matter:{matter_id}"):
        if once:
            once.begin()
        added = attach_all(
            actor=actor, matter_id=matter_id, uploads=uploads, purpose=purpose, version=version
        )
        if once:
            once.end(Matter.objects.get(pk=matter_id))
        return added


def attach_all(
    *,
    actor: Actor,
    matter_id: UUID,
    uploads: Iterable[Upload],
    purpose: str = "",
    version: int | None = None,
) -> list[MatterFile]:
    """The same inside an act that runs already (a disposition with its papers)."""
    added: list[MatterFile] = []
    county = None
    for upload in uploads:
        county = county or _county_of(actor, matter_id)
        kept = store(county=county, name=upload.name, content=upload.content)
        added.append(
            attach(
                actor=actor,
                matter_id=matter_id,
                file_id=kept.id,
                name=upload.name,
                purpose=purpose,
                version=version,
            )
        )
        # The first one has moved the matter's version on.
        version = None
    return added


def _county_of(actor: Actor, matter_id: UUID) -> str:
    seen = Matter.objects.visible_to(actor).filter(pk=matter_id)
    county: str | None = seen.values_list("county", flat=True).first()
    if county is None:
        raise NotAllowed("matter_not_found", _("没有这件事项，或您的岗位看不到它。"))
    return county


def opened(material: MatterFile) -> bytes:
    """The content of a material that the actor may see (the caller has asked ``visible_to``)."""
    return content_of(material.file)
