"""The door of signing in elsewhere: who comes from the provider is a person that is known here, or is sent back.

A person is found by the subject that was linked before, else by the claim that the operator named, whose
value must be a login name; an e-mail address is never looked at, and nobody is made. Kept of what the
provider says: the subject, and how it has asked (acr, amr). Why so: docs/adr/0017.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.stages import AuthenticateStage
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from fengqiao.accounts.adapters import name_digest
from fengqiao.accounts.domain.lockout import sign_in_key
from fengqiao.accounts.elsewhere import KINDS, PROVIDER, Elsewhere
from fengqiao.accounts.events import LinkedElsewhere, SignInFailed
from fengqiao.accounts.marks import without_post
from fengqiao.accounts.models import Person
from fengqiao.kernel.events import publish


def vouched(sociallogin: Any) -> bool:
    """Whether the provider has asked this person for a second factor, and the operator takes its word."""
    elsewhere: Elsewhere | None = settings.SIGN_IN_ELSEWHERE
    return bool(sociallogin and elsewhere and elsewhere.vouches(sociallogin.account.extra_data))


# allauth brings no types.
class ElsewhereAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody comes into being by signing in."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Finds the person or sends whoever came back; links the subject at the first time."""
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(redirect("account_login"))
        name = str(getattr(sociallogin, "named", "") or "")
        person = sociallogin.user if sociallogin.is_existing else None
        first = person is None
        if person is None and name:
            person = Person.objects.filter(username__iexact=name).first()
        reason = _why_not(person, first=first)
        if reason:
            digest = name_digest(sign_in_key(name))
            publish(SignInFailed(digest, person.pk if person else None, reason))
            raise _back(request, _("这个身份在本系统没有对应的账号，请联系系统管理员和安全管理员。"))
        if first and person is not None:
            sociallogin.connect(request, person)
            publish(LinkedElsewhere(person_id=person.pk))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """The provider said no, or something that cannot be believed."""
        raise _back(request, _("在统一身份认证那边没有登录成功，请再试一次，或用密码登录。"))


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """Asks for the second factor, but not where a provider that the operator trusts with it has asked."""

    def handle(self) -> tuple[Any, bool]:
        if vouched((self.login.signal_kwargs or {}).get("sociallogin")):
            return None, True
        response, goes_on = super().handle()
        return response, goes_on


class _Provider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """What the signed token says; nothing else that the provider might tell is asked for or kept."""
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("no id_token")
        claims = self._decode_id_token(app, id_token)
        sociallogin = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        elsewhere: Elsewhere | None = settings.SIGN_IN_ELSEWHERE
        sociallogin.named = claims.get(elsewhere.claim) if elsewhere else None
        sociallogin.account.extra_data = {kind: claims[kind] for kind in KINDS if kind in claims}
        sociallogin.email_addresses = []
        return sociallogin

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        """The signature is checked although the token came straight from the provider."""
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims


# Nobody has signed in yet.
@without_post
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Sends the browser to the provider."""
    return _answer(request, OAuth2LoginView)


@without_post
@require_GET
def arrive(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The browser comes back from the provider."""
    if provider_id != PROVIDER:
        raise Http404
    return _answer(request, OAuth2CallbackView)


def _answer(request: HttpRequest, view: Any) -> HttpResponse:
    if settings.SIGN_IN_ELSEWHERE is None:
        raise Http404
    try:
        answer: HttpResponse = view.adapter_view(_Provider(request, PROVIDER))(request)
    except (RequestException, KeyError, ValueError):
        back: HttpResponse = _back(request, _("统一身份认证现在连不上，请用密码登录，或稍后再试。")).response
        return back
    return answer


def _why_not(person: Person | None, *, first: bool) -> str:
    if person is None:
        return "unknown_elsewhere"
    if person.is_machine:
        return "machine"
    if not person.is_active:
        return "inactive"
    # Another subject with this name: a name was given away at the provider, or somebody tries.
    if first and SocialAccount.objects.filter(user_id=person.pk).exists():
        return "another_elsewhere"
    return ""


def _back(request: HttpRequest, sentence: str) -> ImmediateHttpResponse:
    messages.error(request, sentence)
    return ImmediateHttpResponse(redirect("account_login"))
