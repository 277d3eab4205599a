"""Machine clients: who a bearer's token makes of it, and the list that the security administrator keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from allauth.idp.oidc.models import Token
from django.core import signing
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.kernel.codes import division_prefix, prefix_range
from fengqiao.kernel.errors import NotAllowed, NotRecognised
from fengqiao.places.models import MachineClient, Stationing
from fengqiao.places.queries.acting import actor_of

PAGE = 30
BESIDE = (
    "stationing__person",
    "stationing__post",
    "stationing__post__centre",
    "stationing__post__department",
    "stationing__post__division",
)


@dataclass(frozen=True)
class Machine:
    """A machine that showed a valid token: it acts as ``actor`` within ``scopes`` (``MachineScope``)."""

    id: UUID
    client_id: str
    name: str
    actor: Actor
    scopes: frozenset[str]

    def needs(self, scope: str) -> None:
        """Refuses (``scope_missing``) when the token was not given this scope."""
        if scope not in self.scopes:
            raise NotAllowed("scope_missing", _("这个令牌没有 %(scope)s 权限。") % {"scope": scope})


def machine_of(bearer: str) -> Machine:
    """Who shows this access token, today (one statement; a city's post costs one more).

    Raises ``NotRecognised`` (401): ``token_unknown``, ``token_expired``, ``client_ended``,
    ``account_inactive``; and ``NotAllowed`` (403): ``post_ended`` when the post has not begun or is over.
    """
    shown = (
        Token.objects.by_value(bearer)
        .filter(type=Token.Type.ACCESS_TOKEN, client__machine__isnull=False)
        .select_related("client__machine", *(f"client__machine__{each}" for each in BESIDE))
    )
    # One row at most, and neither an order nor a limit: with them a join of so many tables is planned for
    # ten times as long.
    token = next(iter(shown), None)
    if token is None:
        raise NotRecognised("token_unknown", _("令牌不对，或已经过期很久。请重新申请令牌。"))
    client = token.client
    machine: MachineClient = client.machine
    held = machine.stationing
    if machine.ended_at is not None:
        raise NotRecognised("client_ended", _("这个系统对接已经停用。"))
    # Tokens live by real time, posts by the date of the law.
    if token.expires_at is None or token.expires_at <= timezone.now():
        raise NotRecognised("token_expired", _("令牌已经过期。请重新申请令牌。"))
    if not held.person.is_active:
        raise NotRecognised("account_inactive", _("这个系统对接账号已经停用。"))
    today = clock.today()
    if held.valid_from > today or (held.valid_until is not None and held.valid_until < today):
        raise NotAllowed("post_ended", _("这个系统对接的岗位没有开始或已经结束。"))
    return Machine(
        id=machine.pk,
        client_id=client.pk,
        name=client.name,
        actor=actor_of(held),
        scopes=frozenset(token.get_scopes()),
    )


def exchange_posts(actor: Actor) -> QuerySet[Stationing]:
    """The exchange posts inside the administrator's division that are held today or will be."""
    low, high = _range(actor)
    return (
        Stationing.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=clock.today()),
            post__role=Role.EXCHANGE,
            post__division_id__gte=low,
            post__division_id__lt=high,
        )
        .select_related("person", "post", "post__centre", "post__department", "post__division")
        .order_by("post__division_id", "valid_from", "id")
    )


def machines_in_reach(actor: Actor) -> QuerySet[MachineClient]:
    """All clients, ended ones too, whose post is inside the administrator's division."""
    low, high = _range(actor)
    return MachineClient.objects.filter(
        stationing__post__division_id__gte=low, stationing__post__division_id__lt=high
    ).select_related("client", "issued_by", "ended_by", *BESIDE)


@dataclass(frozen=True)
class MachinePage:
    rows: Sequence[MachineClient]
    next_cursor: str
    is_first: bool


def page(actor: Actor, *, cursor: str = "", size: int = PAGE) -> MachinePage:
    """Clients, newest first, each with ``last_token_at`` (one statement)."""
    found = machines_in_reach(actor)
    after = _read_cursor(actor, cursor)
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found.annotate(last_token_at=Max("client__token__created_at")).order_by("-pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return MachinePage(
        rows=rows,
        next_cursor=signing.dumps([str(rows[-1].pk), str(actor.post_id)], salt="machines") if more else "",
        is_first=after is None,
    )


def _read_cursor(actor: Actor, cursor: str) -> UUID | None:
    try:
        last, post = signing.loads(cursor, salt="machines") if cursor else ("", "")
    except (signing.BadSignature, ValueError):
        return None
    return UUID(last) if post == str(actor.post_id) else None


def _range(actor: Actor) -> tuple[str, str]:
    low, high = prefix_range(division_prefix(actor.division))
    return low.ljust(12, "0"), high.ljust(12, "0")
