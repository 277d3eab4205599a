"""Which acts a list offers for many matters at once."""

from __future__ import annotations

from fengqiao.accounts.actor import Actor
from fengqiao.flows import bulk
from fengqiao.matters.enums import Action


def offered_in_bulk(actor: Actor) -> list[Action]:
    """The acts on many that this post may do; none for most posts."""
    return [action for action in bulk.IN_BULK if bulk.may(actor, action)]
