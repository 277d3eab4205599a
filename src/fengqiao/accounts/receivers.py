"""Sign-in reports from Django and allauth become our events. The only signal receivers of the product."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.account.signals import user_logged_in as let_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from fengqiao.accounts.adapters import sign_in_failed
from fengqiao.accounts.domain import people, sessions
from fengqiao.accounts.events import (
    PasswordChanged,
    SecondFactorChanged,
    SecondFactorFailed,
    SignedIn,
    SignedOut,
)
from fengqiao.accounts.signing_in_elsewhere import vouched
from fengqiao.kernel.events import publish


@receiver(user_logged_in)
def on_signed_in(user: Any, request: Any, **_: Any) -> None:
    methods = request.session.get("account_authentication_methods", []) if request is not None else []
    if request is not None:
        sessions.begin(request.session)
    said = {method.get("method") for method in methods}
    publish(SignedIn(person_id=user.pk, second_factor="mfa" in said, elsewhere="socialaccount" in said))


@receiver(let_in)
def on_let_in(user: Any, request: Any, response: Any, sociallogin: Any = None, **_: Any) -> None:
    """The answer to a sign-in speaks the language that the person chose, on whatever machine that was."""
    if vouched(sociallogin):
        request.session[sessions.HAS_SECOND_FACTOR] = True
    if user.language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite=settings.SESSION_COOKIE_SAMESITE,
        )


@receiver(user_logged_out)
def on_signed_out(user: Any, **_: Any) -> None:
    if user is not None:
        publish(SignedOut(person_id=user.pk))


@receiver(user_login_failed)
def on_sign_in_failed(credentials: dict[str, Any], **_: Any) -> None:
    publish(sign_in_failed(str(credentials.get("username", ""))))


@receiver(password_changed)
def on_password_changed(user: Any, **_: Any) -> None:
    people.password_was_changed(user)
    publish(PasswordChanged(person_id=user.pk))


@receiver(authenticator_added)
def on_factor_added(user: Any, request: Any, authenticator: Any, **_: Any) -> None:
    # A session from before never showed the factor: somebody who knew only the password may hold it.
    sessions.end_others(request, user)
    publish(SecondFactorChanged(person_id=user.pk, change=f"added:{authenticator.type}"))


@receiver(authenticator_removed)
def on_factor_removed(user: Any, request: Any, authenticator: Any, **_: Any) -> None:
    request.session.pop(sessions.HAS_SECOND_FACTOR, None)
    publish(SecondFactorChanged(person_id=user.pk, change=f"removed:{authenticator.type}"))


@receiver(authenticator_reset)
def on_factor_reset(user: Any, authenticator: Any, **_: Any) -> None:
    publish(SecondFactorChanged(person_id=user.pk, change=f"reset:{authenticator.type}"))


@receiver(authenticator_used)
def on_factor_used(user: Any, authenticator: Any, **_: Any) -> None:
    # That an authenticator was used stands with the sign-in; a spent recovery code is a change.
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        publish(SecondFactorChanged(person_id=user.pk, change=f"used:{authenticator.type}"))


@receiver(authentication_failed)
def on_factor_failed(user: Any, **_: Any) -> None:
    publish(SecondFactorFailed(person_id=user.pk))
