"""Choosing how to hear of notices outside the program: everybody for themselves."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock, crypto
from fengqiao.kernel.errors import Invalid
from fengqiao.kernel.ids import new_id
from fengqiao.notices.enums import Kind
from fengqiao.notices.models import Reaching
from fengqiao.notices.policies import check_may_be_reached
from fengqiao.notices.queries.reaching import Choices, reaching_of
from fengqiao.notices.sending import is_service


def choose(*, actor: Actor, choices: Choices) -> Reaching:
    """Keeps what the person chose, for the posts they hold in the county of the acting one.

    Raises ``NotAllowed`` for posts that are told nothing, ``Invalid`` beside the field.
    """
    check_may_be_reached(actor)
    _check(choices)
    now = clock.now()
    row = reaching_of(actor) or Reaching(
        pk=new_id(), county=actor.county, person_id=actor.person_id, since=now, next_look_at=now
    )
    row.mail = _protected(row, "mail", choices.mail)
    row.service = _protected(row, "service", choices.service)
    row.unwanted = sorted(choices.unwanted)
    row.quiet_from, row.quiet_until = choices.quiet_from, choices.quiet_until
    row.digest_at = choices.digest_at
    local = now.astimezone(clock.SHANGHAI)
    if choices.digest_at and local.time() >= choices.digest_at:
        # The first digest is the next one.
        row.digest_on = local.date()
    row.next_look_at, row.failed_at = now, None
    if row._state.adding:
        row.save(force_insert=True)
    else:
        row.save(update_fields=CHOSEN)
    return row


CHOSEN = (
    "mail",
    "service",
    "unwanted",
    "quiet_from",
    "quiet_until",
    "digest_at",
    "digest_on",
    "next_look_at",
    "failed_at",
)


def _check(choices: Choices) -> None:
    errors = {}
    if choices.mail and not settings.MAIL:
        errors["mail"] = _("本系统没有设置邮件服务，请与系统管理员联系。")
    if choices.service and not is_service(choices.service):
        errors["service"] = _("这不是本系统允许的消息服务地址。")
    if (choices.quiet_from is None) != (choices.quiet_until is None):
        errors["quiet_until"] = _("免打扰要写起止两个时间。")
    if set(choices.unwanted) - set(Kind.values):
        errors["kinds"] = _("没有这种通知。")
    if errors:
        raise Invalid(errors)


def _protected(row: Reaching, field: str, value: str) -> bytes | None:
    if not value:
        return None
    keys = crypto.Keyring.load(settings.KEYRING)
    return crypto.protect(keys, county=row.county, row=str(row.pk), field=field, value=value)
