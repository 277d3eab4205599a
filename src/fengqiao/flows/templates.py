"""A county's own templates, from any door; a refusal is rolled back and audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.dossier.domain import templating
from fengqiao.dossier.models import FormTemplate
from fengqiao.flows.once import Once

VERBS: dict[str, Callable[..., FormTemplate]] = {
    "upload": templating.upload,
    "approve": templating.approve,
    "drop": templating.drop,
    "end": templating.end,
}


def act(*, actor: Actor, verb: str, once: Once | None = None, **values: Any) -> FormTemplate:
    """One of ``VERBS``."""
    with attempt(actor, verb=f"template.{verb}"):
        if once:
            once.begin()
        found = VERBS[verb](actor=actor, **values)
        if once:
            once.keep({"id": str(found.pk)})
        return found
