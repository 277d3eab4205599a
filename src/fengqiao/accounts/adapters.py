"""Where allauth asks us: nobody signs up alone, failures count by name, second-factor secrets are encrypted."""

from __future__ import annotations

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fengqiao.accounts.domain.lockout import sign_in_key
from fengqiao.accounts.events import SignInFailed
from fengqiao.accounts.models import Person
from fengqiao.kernel import crypto
from fengqiao.kernel.events import publish

SECRETS_COUNTY = "000000"
SAID = {
    "mfa/messages/webauthn_added.txt": gettext_lazy("已添加安全密钥。"),
    "mfa/messages/webauthn_removed.txt": gettext_lazy("已移除安全密钥。"),
}
SECOND_FACTOR_STAGE = "fengqiao.accounts.signing_in_elsewhere.SecondFactorStage"


def name_digest(name: str) -> str:
    """Tells repeated tries at one name apart without keeping the name."""
    return crypto.keyed_digest(settings.SECRET_KEY.encode(), name.encode()).hex()[:16]


def sign_in_failed(typed: str, *, locked: bool = False) -> SignInFailed:
    """The event of a failed sign-in at the name that was typed."""
    name = sign_in_key(typed)
    person = Person.objects.filter(username__iexact=name).only("pk", "is_active").first()
    digest = name_digest(name)
    if locked:
        reason = "locked_out"
    elif person is None:
        reason = "unknown_name"
    else:
        reason = "wrong_password" if person.is_active else "inactive"
    return SignInFailed(name_digest=digest, person_id=person.pk if person else None, reason=reason)


# allauth brings no types.
class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are stationed by their administrator; there is no door to walk in by oneself."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses a name with too many failures; the attempt is reported all the same."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            publish(sign_in_failed(str(credentials.get("username", "")), locked=True))
            raise

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has signed in just now, by password or elsewhere, is not asked again at once."""
        request = context.request
        for record in get_authentication_records(request, request.user):
            if (
                record["method"] in ("password", "socialaccount")
                and record["at"] > time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
            ):
                return False
        needed: bool = super().is_reauthentication_required(app=app, **kwargs)
        return needed

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """What allauth says in a template that has no Chinese is said in our words."""
        said = SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said))
        else:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_login_stages(self) -> list[str]:
        """allauth's stages, with our second factor in the place of its own."""
        ours = {"allauth.mfa.stages.AuthenticateStage": SECOND_FACTOR_STAGE}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return sign_in_key(str(credentials.get("username", "")))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        keys = crypto.Keyring.load(settings.KEYRING)
        sealed = crypto.protect(keys, county=SECRETS_COUNTY, row="second-factor", field="secret", value=text)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        keys = crypto.Keyring.load(settings.KEYRING)
        return crypto.reveal(
            keys,
            county=SECRETS_COUNTY,
            row="second-factor",
            field="secret",
            protected=base64.b64decode(encrypted_text),
        )

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        """What a key is called until its owner names it."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("安全密钥 %(number)d") % {"number": number + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A key is bound to the host it was added at: the browser lets no other host use it."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.MFA_TOTP_ISSUER}
