"""Machine clients: issued and ended by the security administrator. The caller audits (flows/machines.py)."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.policies import may_keep_people
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.places.enums import MachineScope
from fengqiao.places.models import MachineClient
from fengqiao.places.queries.machines import exchange_posts, machines_in_reach

# One that has expired is kept for a day, so that its bearer is told "expired" and not "unknown".
TOKENS_KEPT = timedelta(days=1)


def issue(
    *, actor: Actor, stationing_id: UUID | None, name: str, scopes: Collection[str]
) -> tuple[MachineClient, str]:
    """Makes a client for an exchange post of the administrator's division; returns it with its secret.

    The secret is kept only as a hash. Raises ``Invalid`` by field, or a refusal, and then changed nothing.
    """
    _may_keep(actor)
    errors: dict[str, str] = {}
    name = name.strip()
    if not name:
        errors["name"] = _("请写明这是哪个系统。")
    if not scopes or not set(scopes) <= set(MachineScope.values):
        errors["scopes"] = _("请至少选一项权限。")
    post = exchange_posts(actor).filter(pk=stationing_id).first() if stationing_id else None
    if post is None:
        errors["stationing_id"] = _("请选一个在任的数据交换岗位。")
    elif not post.person.is_active:
        errors["stationing_id"] = _("这个岗位的系统对接账号已经停用。")
    if errors or post is None:
        raise Invalid(errors)
    secret = secrets.token_urlsafe(32)
    client = Client(
        name=name,
        type=Client.Type.CONFIDENTIAL,
        secret=make_password(secret),
        response_types="",
        owner_id=post.person_id,
    )
    client.set_scopes(sorted(scopes))
    client.set_default_scopes(sorted(scopes))
    client.set_grant_types([Client.GrantType.CLIENT_CREDENTIALS])
    client.save(force_insert=True)
    made = MachineClient.objects.create(
        client=client, stationing=post, issued_at=clock.now(), issued_by_id=actor.person_id
    )
    return made, secret


def end(*, actor: Actor, machine_id: UUID) -> MachineClient:
    """Ends a client at once: it gets no further token, and those it has open no door any more."""
    _may_keep(actor)
    found = machines_in_reach(actor).select_for_update(of=("self",)).filter(pk=machine_id).first()
    if found is None:
        raise NotAllowed("machine_not_found", _("您管理的范围内没有这个系统对接。"))
    if found.ended_at is not None:
        raise Refusal("machine_ended", _("这个系统对接已经停用。"))
    found.ended_at, found.ended_by_id = clock.now(), actor.person_id
    found.save(update_fields=["ended_at", "ended_by"])
    Client.objects.filter(pk=found.client_id).update(grant_types="", secret=make_password(None))
    return found


def sweep_tokens() -> int:
    """Removes the tokens that expired more than a day ago; tells how many."""
    removed: int
    removed, _each = Token.objects.filter(expires_at__lt=timezone.now() - TOKENS_KEPT).delete()
    return removed


def _may_keep(actor: Actor) -> None:
    if not may_keep_people(actor):
        raise NotAllowed("post_may_not_keep_machines", _("系统对接由安全管理员管理。"))
