"""Where allauth asks us: nobody signs up alone, and second-factor secrets are encrypted."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from fengqiao.kernel import crypto

SECRETS_COUNTY = "000000"


# allauth brings no types.
class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are stationed by their administrator; there is no door to walk in by oneself."""
        return False


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
