"""Signing in at a provider elsewhere (OpenID Connect): what the operator has set. Read by the settings.

``FENGQIAO_OIDC_SERVER``: the issuer's address; with ``FENGQIAO_OIDC_CLIENT`` and ``FENGQIAO_OIDC_SECRET`` it
turns the door on. ``FENGQIAO_OIDC_NAME``: what the button says. ``FENGQIAO_OIDC_CLAIM``: the claim whose value
is the login name here. ``FENGQIAO_OIDC_SECOND_FACTOR``: what the provider says when it has asked for a second
factor ("amr:mfa,acr:urn:…"); without it this program asks for its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PROVIDER = "elsewhere"
KINDS = ("acr", "amr")


class WronglySet(ValueError):
    """The settings of the provider contradict themselves or would send people in the open."""


@dataclass(frozen=True)
class Elsewhere:
    """A provider that people may sign in at. ``second_factor``: kind ("acr", "amr") and value."""

    server: str
    client: str
    secret: str
    name: str = ""
    claim: str = "preferred_username"
    second_factor: frozenset[tuple[str, str]] = frozenset()

    @property
    def origin(self) -> str:
        """Where the browser is sent to."""
        parts = urlsplit(self.server)
        return f"{parts.scheme}://{parts.netloc}"

    def vouches(self, claims: Mapping[str, Any]) -> bool:
        """Whether the provider says in its signed token that it has asked for a second factor."""
        said = {("acr", str(claims.get("acr") or ""))}
        methods = claims.get("amr") or []
        said |= {("amr", str(each)) for each in ([methods] if isinstance(methods, str) else methods)}
        return bool(said & self.second_factor)


def from_environment(said: Mapping[str, str]) -> Elsewhere | None:
    """The provider, or None where none is set; raises ``WronglySet`` with what to do."""
    values = {
        key: said.get(f"FENGQIAO_OIDC_{key.upper()}", "").strip() for key in ("server", "client", "secret")
    }
    if not any(values.values()):
        return None
    lacking = [f"FENGQIAO_OIDC_{key.upper()}" for key, value in values.items() if not value]
    if lacking:
        raise WronglySet(f"sign-in elsewhere is set up by halves: {', '.join(lacking)} is missing")
    server = urlsplit(values["server"])
    if server.scheme != "https" and server.hostname not in ("localhost", "127.0.0.1"):
        raise WronglySet("FENGQIAO_OIDC_SERVER must begin with https://")
    factors = set()
    for each in filter(None, map(str.strip, said.get("FENGQIAO_OIDC_SECOND_FACTOR", "").split(","))):
        kind, _colon, value = each.partition(":")
        if kind not in KINDS or not value:
            raise WronglySet('FENGQIAO_OIDC_SECOND_FACTOR takes "amr:…" and "acr:…", parted by commas')
        factors.add((kind, value))
    return Elsewhere(
        server=values["server"].rstrip("/"),
        client=values["client"],
        secret=values["secret"],
        name=said.get("FENGQIAO_OIDC_NAME", "").strip(),
        claim=said.get("FENGQIAO_OIDC_CLAIM", "").strip() or "preferred_username",
        second_factor=frozenset(factors),
    )


def providers_of(elsewhere: Elsewhere | None) -> dict[str, Any]:
    """The setting SOCIALACCOUNT_PROVIDERS of allauth."""
    if elsewhere is None:
        return {}
    app = {
        "provider_id": PROVIDER,
        "name": elsewhere.name,
        "client_id": elsewhere.client,
        "secret": elsewhere.secret,
        "settings": {"server_url": elsewhere.server, "fetch_userinfo": False, "uid_field": "sub"},
    }
    return {"openid_connect": {"APPS": [app], "SCOPE": ["openid", "profile"], "OAUTH_PKCE_ENABLED": True}}
