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
from fengqiao.accounts.models import Person
from fengqiao.audit.domain.record import attempt, record
from fengqiao.places.domain import enrolments, stationings
from fengqiao.places.domain.enrolments import NewPerson
from fengqiao.places.domain.stationings import NewPost
from fengqiao.places.models import Stationing


class Care(TextChoices):
    """What can be done for a person's access."""

    DEACTIVATE = "deactivate", _("停用账号")
    REACTIVATE = "reactivate", _("恢复账号")
    RESET_SECOND_FACTOR = "reset_second_factor", _("清除第二重验证")
    SET_FIRST_PASSWORD = "set_first_password", _("设新的初始密码")  # noqa: S105  a verb, not a password
    UNLOCK = "unlock", _("解除锁定")
    UNLINK = "unlink", _("解除统一身份绑定")


class Why(TextChoices):
    """For what a number is looked at; the audit holds codes, so that nobody writes a name into it."""

    FIRST_PASSWORD = "first_password", _("告诉本人初始密码")  # noqa: S105  a reason, not a password
    ACCESS = "access", _("和本人核对账号、岗位")
    URGENT = "urgent", _("紧急联系本人")


VERBS: dict[Care, Callable[..., Any]] = {
    Care.DEACTIVATE: people.deactivate,
    Care.REACTIVATE: people.reactivate,
    Care.RESET_SECOND_FACTOR: people.reset_second_factor,
    Care.SET_FIRST_PASSWORD: people.set_first_password,
    Care.UNLOCK: people.unlock,
    Care.UNLINK: people.unlink,
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


def enter(*, actor: Actor, new: NewPerson) -> Person:
    """Enters a person who has no post yet; the audit holds where, and neither name nor number."""
    with attempt(actor, verb="person.enter"):
        made = enrolments.enter(actor=actor, new=new)
        details = {"division": actor.division, "home": str(new.home or ""), "telephone": bool(new.telephone)}
        record(actor=actor, verb="person.enter", subject=f"person:{made.pk}", details=details)
    return made


def amend(*, actor: Actor, person_id: UUID, new: NewPerson, version: int) -> None:
    """Puts right what was entered of a person; the audit names what changed, never the values."""
    verb, subject = "person.amend", f"person:{person_id}"
    with attempt(actor, verb=verb, subject=subject):
        changed = enrolments.amend(actor=actor, person_id=person_id, new=new, version=version)
        record(actor=actor, verb=verb, subject=subject, details={"changed": changed})


def show_telephone(*, actor: Actor, person_id: UUID, why: Why) -> str:
    """The whole number of a person, audited with the reason before anybody sees it."""
    verb, subject = "person.show_telephone", f"person:{person_id}"
    with attempt(actor, verb=verb, subject=subject):
        number = enrolments.telephone_of(actor=actor, person_id=person_id)
        record(actor=actor, verb=verb, subject=subject, details={"why": str(why)})
    return number


def _days(stationing: Stationing) -> dict[str, str | None]:
    last = stationing.valid_until
    return {"from": stationing.valid_from.isoformat(), "until": last.isoformat() if last else None}
