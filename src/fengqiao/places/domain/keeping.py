"""What every verb of the system administrator asks first: may this post, is it there, has nobody changed it."""

from __future__ import annotations

from typing import TypeVar

from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.policies import may_keep_places
from fengqiao.kernel.errors import NotAllowed, Stale
from fengqiao.places.models import Centre, Department, Division, Grid

P = TypeVar("P", Centre, Department, Division, Grid)


def check_keeper(actor: Actor) -> None:
    """Raises ``NotAllowed`` for every post but the system administrator's."""
    if not may_keep_places(actor):
        raise NotAllowed("post_may_not_keep_places", _("区划与机构由系统管理员管理。"))


def found_unchanged(found: P | None, version: int, missing: NotAllowed) -> P:
    """What was found, if it is still as it was read; else ``missing`` or ``Stale``."""
    if found is None:
        raise missing
    if found.version != version:
        raise Stale("stale", _("刚才有人改过，请核对现在的内容后再保存。"))
    return found


def name_of(said: str, errors: dict[str, str]) -> str:
    """A name of 1 to 64 characters, without the spaces around it; else a sentence in ``errors``."""
    name = said.strip()
    if not 1 <= len(name) <= 64:
        errors["name"] = _("名称应为 1 至 64 个字。")
    return name
