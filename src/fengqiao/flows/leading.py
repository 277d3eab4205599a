"""Key matters with a leader in charge, from any door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import attempt
from fengqiao.leading.domain import listing, looking
from fengqiao.leading.enums import KeyAction
from fengqiao.leading.models import KeyMatter

KEY_VERBS: dict[KeyAction, Callable[..., Any]] = {
    KeyAction.CHARGE: listing.put_in_charge,
    KeyAction.LOOK: looking.look,
    KeyAction.VISIT: looking.visit,
    KeyAction.UNLIST: listing.take_off,
}


def list_matter(*, actor: Actor, matter_id: UUID, version: int | None = None, **values: Any) -> KeyMatter:
    """A leader puts a matter on the list of key matters or of old petition matters."""
    with attempt(actor, verb="key.list", subject=f"matter:{matter_id}"):
        return listing.list_matter(actor=actor, matter_id=matter_id, version=version, **values)


def act_on_key(
    *,
    actor: Actor,
    matter_id: UUID,
    key_matter_id: UUID,
    action: KeyAction,
    version: int | None = None,
    **values: Any,
) -> None:
    """Names who is in charge, looks, visits or takes it off; a refusal is rolled back and audited."""
    with attempt(actor, verb=f"key.{action}", subject=f"matter:{matter_id}"):
        KEY_VERBS[action](actor=actor, key_matter_id=key_matter_id, version=version, **values)
