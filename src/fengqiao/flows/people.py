"""What a security administrator does for a person's access, from any door: refusals rolled back and audited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.domain import people
from fengqiao.audit.domain.record import attempt, record
from fengqiao.places.domain import stationings
from fengqiao.places.domain.stationings import NewPost
from fengqiao.places.models import Stationing


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


def open_post(*, actor: Actor, person_id: UUID, new: NewPost) -> None:
    """Puts a person into a post and audits which, where and from when."""
    verb, subject = "person.open_post", f"person:{person_id}"
    with attempt(actor, verb=verb, subject=subject):
        made = stationings.open_post(actor=actor, person_id=person_id, new=new)
        details = {"post": str(made.post_id), "role": new.role, "place": new.place}
        record(actor=actor, verb=verb, subject=subject, details=details | _days(made))


def end_post(*, actor: Actor, person_id: UUID, stationing_id: UUID, until: date) -> None:
    """Gives a person's post its last day and audits it."""
    verb, subject = "person.end_post", f"person:{person_id}"
    with attempt(actor, verb=verb, subject=subject):
        ended = stationings.end_post(
            actor=actor, person_id=person_id, stationing_id=stationing_id, until=until
        )
        details = {"post": str(ended.post_id), "role": str(ended.post.role)}
        record(actor=actor, verb=verb, subject=subject, details=details | _days(ended))


def _days(stationing: Stationing) -> dict[str, str | None]:
    last = stationing.valid_until
    return {"from": stationing.valid_from.isoformat(), "until": last.isoformat() if last else None}
