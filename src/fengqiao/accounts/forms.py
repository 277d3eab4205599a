"""allauth's forms of security keys, in the words of this product."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 40


# allauth brings no types.
class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """What the key made is posted together with a name for it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["name"])


class NameKeyForm(EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self.fields["name"])


class UseKeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """Signing in with a key: knows which ways this person has, so that the page offers no other."""

    @property
    def has_keys(self) -> bool:
        return self._has(Authenticator.Type.WEBAUTHN)

    @property
    def has_authenticator(self) -> bool:
        return self._has(Authenticator.Type.TOTP)

    def _has(self, kind: str) -> bool:
        found: bool = Authenticator.objects.filter(user_id=self.user.pk, type=kind).exists()
        return found


def _word(field: Any) -> None:
    field.label = _("给它起个名")
    field.max_length = LONGEST_NAME
    field.widget.attrs |= {"maxlength": LONGEST_NAME, "autocomplete": "off"}
    field.help_text = _("有几把钥匙时好认，例如“办公室的”。")
