"""What a security administrator does for those who sign in, and what they do for themselves.

The administrator's verbs lock the person, and are refused to every other post, on oneself, and on people
whose posts lie outside the administrator's division. The caller audits (flows/people.py).
"""

from __future__ import annotations

import secrets
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts import policies
from fengqiao.accounts.actor import Actor
from fengqiao.accounts.domain import lockout, sessions
from fengqiao.accounts.models import Person
from fengqiao.kernel import guards
from fengqiao.kernel.errors import NotAllowed, Refusal

# Supplied by config/wiring.py: places/ knows who is stationed where.
IN_REACH = "person_in_reach"
# Read out over a telephone without a mistake: no 0/o, 1/l/i.
EASY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def deactivate(*, actor: Actor, person_id: UUID) -> None:
    """The person can sign in no more, and every session of theirs ends at once."""
    person = _locked(actor, person_id)
    if not person.is_active:
        raise Refusal("already_inactive", _("这个账号已经停用。"))
    person.is_active = False
    person.save(update_fields=["is_active"])
    sessions.end_all(person)


def reactivate(*, actor: Actor, person_id: UUID) -> None:
    """The person can sign in again; sessions from before stay ended."""
    person = _locked(actor, person_id)
    if person.is_active:
        raise Refusal("already_active", _("这个账号没有停用。"))
    person.is_active = True
    person.save(update_fields=["is_active"])


def reset_second_factor(*, actor: Actor, person_id: UUID) -> None:
    """Removes the person's authenticator and recovery codes (a lost phone) and ends their sessions.

    Who must have a second factor is led to set up a new one at the next sign-in.
    """
    person = _locked(actor, person_id)
    removed, _each = Authenticator.objects.filter(user_id=person.pk).delete()
    if not removed:
        raise Refusal("no_second_factor", _("这个账号没有设置第二重验证。"))
    sessions.end_all(person)


def unlink(*, actor: Actor, person_id: UUID) -> None:
    """Forgets whom the person is at the provider elsewhere (a new staff account) and ends their sessions.

    The next sign-in there finds them by their name again.
    """
    person = _locked(actor, person_id)
    removed, _each = SocialAccount.objects.filter(user_id=person.pk).delete()
    if not removed:
        raise Refusal("not_linked", _("这个账号没有绑定统一身份。"))
    sessions.end_all(person)


def set_first_password(*, actor: Actor, person_id: UUID) -> str:
    """Gives the person a new password, returned once and kept nowhere; they must change it on signing in.

    Their sessions end, and a lock after failed sign-ins is lifted.
    """
    person = _locked(actor, person_id)
    if person.is_machine:
        raise Refusal("machine_signs_in_otherwise", _("系统对接账号不用密码登录。"))
    password = "-".join("".join(secrets.choice(EASY_LETTERS) for _n in range(4)) for _part in range(4))
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    lockout.forget(person)
    return password


def unlock(*, actor: Actor, person_id: UUID) -> None:
    """Lets a person who failed too often try again at once."""
    lockout.unlock(_locked(actor, person_id))


def password_was_changed(person: Person) -> None:
    """The person has chosen a password of their own."""
    Person.objects.filter(pk=person.pk, must_change_password=True).update(must_change_password=False)


def speak(person: Person, language: str) -> None:
    """Keeps the language that the person chose, for the next sign-in at whatever machine."""
    Person.objects.filter(pk=person.pk).exclude(language=language).update(language=language)


def _locked(actor: Actor, person_id: UUID) -> Person:
    if not policies.may_keep_people(actor):
        raise NotAllowed("post_may_not_keep_people", _("人员账号由安全管理员管理。"))
    if person_id == actor.person_id:
        raise NotAllowed("not_on_oneself", _("不能对自己的账号这样做，请另一位安全管理员来办。"))
    guards.ask(IN_REACH, actor=actor, person_id=person_id)
    return Person.objects.select_for_update().get(pk=person_id)
