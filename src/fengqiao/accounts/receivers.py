"""Sign-in reports from Django and allauth become our events. The only signal receivers of the product."""

from __future__ import annotations

from typing import Any

from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from fengqiao.accounts.events import SecondFactorChanged, SignedIn, SignedOut, SignInFailed
from fengqiao.kernel.crypto import keyed_digest
from fengqiao.kernel.events import publish


@receiver(user_logged_in)
def on_signed_in(user: Any, request: Any, **_: Any) -> None:
    methods = request.session.get("account_authentication_methods", []) if request is not None else []
    publish(SignedIn(person_id=user.pk, second_factor=any(m.get("method") == "mfa" for m in methods)))


@receiver(user_logged_out)
def on_signed_out(user: Any, **_: Any) -> None:
    if user is not None:
        publish(SignedOut(person_id=user.pk))


@receiver(user_login_failed)
def on_sign_in_failed(credentials: dict[str, Any], **_: Any) -> None:
    typed = str(credentials.get("username", "")).lower()
    digest = keyed_digest(settings.SECRET_KEY.encode(), typed.encode()).hex()[:16]
    publish(SignInFailed(name_digest=digest))


@receiver(authenticator_added)
def on_factor_added(user: Any, authenticator: Any, **_: Any) -> None:
    publish(SecondFactorChanged(person_id=user.pk, change=f"added:{authenticator.type}"))


@receiver(authenticator_removed)
def on_factor_removed(user: Any, authenticator: Any, **_: Any) -> None:
    publish(SecondFactorChanged(person_id=user.pk, change=f"removed:{authenticator.type}"))
