"""How the calling person hears of notices outside the program, by their own choice."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.api.doors import READS, WRITES, actor_of
from fengqiao.api.shapes import KEPT, Shape, Told
from fengqiao.flows import notices as flow
from fengqiao.kernel.errors import Invalid
from fengqiao.notices.enums import URGENT, Kind
from fengqiao.notices.policies import check_may_be_reached
from fengqiao.notices.queries.reaching import Choices, choices_of, reaching_of

router = Router(tags=["notices"])
Hour = Annotated[int, Field(ge=0, le=23, description="A whole hour of the day, Asia/Shanghai.")]
MAIL = "One's address at work; empty: no mail."
SERVICE = "Address of a messenger that the installation allows; empty: none."
UNWANTED = "Kinds that stay inside the program; what is urgent is always told."


class ChoicesSent(Shape):
    """The choices whole: what is left out is not chosen."""

    mail: Annotated[str, Field(max_length=254, pattern=KEPT, description=MAIL)] = ""
    service: Annotated[str, Field(max_length=500, pattern=KEPT, description=SERVICE)] = ""
    unwanted: Annotated[list[Kind], Field(max_length=100, description=UNWANTED)] = []
    quiet_from: Hour | None = None
    quiet_until: Annotated[Hour | None, Field(description="May be earlier than `quiet_from`.")] = None
    digest_at: Annotated[Hour | None, Field(description="One message a day; none: each at once.")] = None

    def choices(self) -> Choices:
        """What the domain takes; raises ``Invalid`` where the desk would not take it."""
        mail, service = self.mail.strip(), self.service.strip()
        if mail:
            try:
                validate_email(mail)
            except ValidationError as wrong:
                raise Invalid({"mail": wrong.message}) from wrong
        if URGENT & set(self.unwanted):
            raise Invalid({"unwanted": _("紧急的（如吹哨）总会发送。")})
        return Choices(
            mail=mail,
            service=service,
            unwanted=tuple(self.unwanted),
            quiet_from=_time(self.quiet_from),
            quiet_until=_time(self.quiet_until),
            digest_at=_time(self.digest_at),
        )


class ChoicesTold(Told):
    """What one has chosen, for one's posts in the county; told to nobody else, not to administrators either."""

    mail: Annotated[str, Field(description=MAIL)]
    service: Annotated[str, Field(description=SERVICE)]
    unwanted: Annotated[list[Kind], Field(description=UNWANTED)]
    quiet_from: Hour | None
    quiet_until: Hour | None
    digest_at: Hour | None


@router.get(
    "/notices/choices",
    response=ChoicesTold,
    auth=READS,
    operation_id="getNoticeChoices",
    summary="How one is reached · 往外发送",
    url_name="api_notice_choices",
)
def get_choices(request: HttpRequest) -> ChoicesTold:
    """The calling person's own choices; nothing is chosen at first."""
    actor = actor_of(request)
    check_may_be_reached(actor)
    return _told(actor)


@router.put(
    "/notices/choices",
    response=ChoicesTold,
    auth=WRITES,
    operation_id="chooseNotices",
    summary="Choose how one is reached · 选择往外发送",
    url_name="api_notice_choices",
    openapi_extra={"x-writes": "again"},
)
def choose(request: HttpRequest, sent: ChoicesSent) -> ChoicesTold:
    """Keeps the choices of the calling person, whole. The audit has no address."""
    actor = actor_of(request)
    check_may_be_reached(actor)
    flow.choose(actor=actor, choices=sent.choices())
    return _told(actor)


def _told(actor: Actor) -> ChoicesTold:
    with scope(actor):
        now = choices_of(reaching_of(actor))
    return ChoicesTold(
        mail=now.mail,
        service=now.service,
        unwanted=[Kind(each) for each in now.unwanted],
        quiet_from=_hour(now.quiet_from),
        quiet_until=_hour(now.quiet_until),
        digest_at=_hour(now.digest_at),
    )


def _time(hour: int | None) -> time | None:
    return None if hour is None else time(hour)


def _hour(at: time | None) -> int | None:
    return None if at is None else at.hour
