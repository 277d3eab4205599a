"""Background work of the dossier."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from fengqiao.dossier.domain import binding, scanning


@app.task(name="dossier.bind_volume", retry=3)
def bind_volume(volume: str, county: str, person: str) -> None:
    """Binds an ordered dossier."""
    binding.bind(volume_id=UUID(volume), county=county, person_id=UUID(person))


@app.task(name="dossier.read_scans", retry=3)
def read_scans(stack: str, county: str, person: str) -> None:
    """Reads a stack of scans that was handed in."""
    scanning.read(stack_id=UUID(stack), county=county, person_id=UUID(person))


@app.task(name="dossier.expire_scans", retry=3)
def expire_scans(stack: str, county: str, person: str) -> None:
    """Takes away what was handed in, long after it was filed."""
    scanning.expire(stack_id=UUID(stack), county=county, person_id=UUID(person))
