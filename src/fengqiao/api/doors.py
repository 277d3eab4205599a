"""Who calls, and whether the call is let in: before a request's shape is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.domain import sessions
from fengqiao.accounts.scope import scope
from fengqiao.api import limits
from fengqiao.api.problems import Flaw, Problem, audit
from fengqiao.flows.acting import Lacks, standing_of
from fengqiao.kernel.errors import NotAllowed, NotRecognised
from fengqiao.places.enums import MachineScope
from fengqiao.places.queries.machines import machine_of

SAFE = ("GET", "HEAD")
CHALLENGE = 'Bearer realm="fengqiao"'
# (address, method) → the parameters it knows; filled when the addresses are made.
PARAMETERS: dict[tuple[str | None, str | None], frozenset[str]] = {}


class Called(limits.Counted):
    """A request that was let in, with what ``Caller`` found of it; a machine has a ``client_id``."""

    actor: Actor
    client_id: str


class Caller:
    """Finds the actor of a request (``request.actor``), or ends it with a problem.

    People come with the session of the desk (and its token against forged requests where something is
    written); machines with an access token, and then the session is not looked at.
    """

    def __init__(self, scope: MachineScope) -> None:
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Actor:
        scheme, _blank, token = request.headers.get("Authorization", "").partition(" ")
        # Another scheme is none of ours: a proxy in front may ask people for a password of its own.
        bearer = scheme.lower() == "bearer"
        actor = self._of_token(request, token.strip()) if bearer else self._of_session(request)
        called = cast(Called, request)
        called.actor = actor
        if not limits.count(request, called.client_id or str(actor.person_id)):
            retry = {"Retry-After": str(called.rate[2])}
            raise Problem(429, "too_many_requests", _("请求太多，请稍后再试。"), headers=retry)
        _refuse_unknown(request)
        return actor

    def _of_token(self, request: HttpRequest, token: str) -> Actor:
        try:
            machine = machine_of(token)
        except NotRecognised as refusal:
            told = f'{CHALLENGE}, error="invalid_token", error_description="{refusal.code}"'
            raise Problem(401, refusal.code, refusal.message, headers={"WWW-Authenticate": told}) from refusal
        called = cast(Called, request)
        called.actor, called.client_id = machine.actor, machine.client_id
        try:
            machine.needs(self.scope)
        except NotAllowed as refusal:
            audit(request, refusal)
            told = f'{CHALLENGE}, error="insufficient_scope", scope="{self.scope.value}"'
            raise Problem(403, refusal.code, refusal.message, headers={"WWW-Authenticate": told}) from refusal
        return machine.actor

    def _of_session(self, request: HttpRequest) -> Actor:
        cast(Called, request).client_id = ""
        if not request.user.is_authenticated:
            raise Problem(
                401, "not_signed_in", _("请先登录，或出示访问令牌。"), headers={"WWW-Authenticate": CHALLENGE}
            )
        if request.method not in SAFE and check_csrf(request) is not None:
            raise Problem(403, "csrf", _("请求没有带上本站的防伪标记（X-CSRFToken）。"))
        if "X-Unattended" not in request.headers:
            sessions.keep(request.session)
        standing = standing_of(request.user, request.session)
        if standing.lacks is Lacks.PASSWORD:
            raise Problem(403, standing.lacks, _("这个密码是管理员设的，请先在网页上换成只有您知道的密码。"))
        if standing.lacks is Lacks.SECOND_FACTOR:
            raise Problem(403, standing.lacks, _("这个岗位必须先在网页上设置第二重验证。"))
        if standing.actor is None:
            raise Problem(403, Lacks.POST, _("请先在网页上选择以哪个岗位工作。"))
        return standing.actor


READS, WRITES = Caller(MachineScope.READ), Caller(MachineScope.WRITE)


def _refuse_unknown(request: HttpRequest) -> None:
    """A parameter that is not known is a slip: ignored, it would give more than was asked for."""
    address = request.resolver_match.url_name if request.resolver_match else None
    known = PARAMETERS.get((address, request.method), frozenset())
    flaws = []
    for name, values in request.GET.lists():
        if name not in known:
            flaws.append(Flaw(field=name[:80], rule="unknown_parameter", message=_("没有这个参数。")))
        elif len(values) > 1:
            flaws.append(Flaw(field=name, rule="repeated_parameter", message=_("这个参数只能写一次。")))
    if flaws:
        raise Problem(422, "invalid", _("请求的内容不符合要求。"), flaws=flaws[:50])


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in a request that was let in."""
    return cast(Called, request).actor


def client_of(request: HttpRequest) -> str:
    """The machine client of a request that was let in; empty for a person."""
    return cast(Called, request).client_id


def reader_of(request: HttpRequest) -> Actor:
    """Who reads matters in a request that was let in; raises ``NotAllowed`` for administrators."""
    actor = actor_of(request)
    if actor.is_administrator:
        raise NotAllowed("administrators_read_no_matter", _("管理员岗位不能查看事项。"))
    return actor


@contextmanager
def reading(request: HttpRequest) -> Iterator[Actor]:
    """The scope in which an answer is read and put together; administrators read no matter."""
    actor = reader_of(request)
    with scope(actor):
        yield actor
