"""Background work of the dossier."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from fengqiao.dossier.domain import binding


@app.task(name="dossier.bind_volume", retry=3)
def bind_volume(volume: str, county: str, person: str) -> None:
    """Binds an ordered dossier."""
    binding.bind(volume_id=UUID(volume), county=county, person_id=UUID(person))
