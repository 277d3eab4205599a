"""What a security administrator does for a person's access, from any door: refusals rolled back and audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.domain import people
from fengqiao.audit.domain.record import attempt, record


class Care(TextChoices):
    """What can be done for a person's access."""

    DEACTIVATE = "deactivate", _("停用账号")
    REACTIVATE = "reactivate", _("恢复账号")
    RESET_SECOND_FACTOR = "reset_second_factor", _("清除第二重验证")
    SET_FIRST_PASSWORD = "set_first_password", _("设新的初始密码")  # noqa: S105  a verb, not a password
    UNLOCK = "unlock", _("解除锁定")


VERBS: dict[Care, Callable[..., Any]] = {
    Care.DEACTIVATE: people.deactivate,
    Care.REACTIVATE: people.reactivate,
    Care.RESET_SECOND_FACTOR: people.reset_second_factor,
    Care.SET_FIRST_PASSWORD: people.set_first_password,
    Care.UNLOCK: people.unlock,
}


def care(*, actor: Actor, person_id: UUID, what: Care) -> str | None:
    """Does it and audits it; a new first password is returned, to be shown once."""
    verb, subject = f"person.{what}", f"person:{person_id}"
    with attempt(actor, verb=verb, subject=subject):
        told: str | None = VERBS[what](actor=actor, person_id=person_id)
        record(actor=actor, verb=verb, subject=subject)
    return told
