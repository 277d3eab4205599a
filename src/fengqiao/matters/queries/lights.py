"""The light of a matter: green, yellow or red, as it is now, from the two instants that its clocks leave on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from fengqiao.kernel.clock import SHANGHAI


class Colour(TextChoices):
    """Only limits of bodies light; a matter on which none runs has no light."""

    RED = "red", pgettext_lazy("时限灯", "红灯（已超期）")
    YELLOW = "yellow", pgettext_lazy("时限灯", "黄灯（快到期）")
    GREEN = "green", pgettext_lazy("时限灯", "绿灯")


@dataclass(frozen=True)
class Light:
    """``words`` say how much is left, or by how much it is late; ``last_day`` is the last day of the limit."""

    colour: Colour
    words: str
    due_at: datetime

    @property
    def last_day(self) -> datetime:
        """The limit's last instant: 24:00 belongs to the day before."""
        return self.due_at - timedelta(microseconds=1)


# Each colour as a question to the database, now.
ASKED: dict[str, Callable[[datetime], Q]] = {
    Colour.RED: lambda now: Q(due_at__lte=now),
    Colour.YELLOW: lambda now: Q(due_at__gt=now, yellow_at__lte=now),
    Colour.GREEN: lambda now: Q(due_at__gt=now) & (Q(yellow_at__gt=now) | Q(yellow_at=None)),
}


def light_of(yellow_at: datetime | None, due_at: datetime | None, now: datetime) -> Light | None:
    """The light of these two instants; None where nothing is due."""
    if due_at is None:
        return None
    if due_at <= now:
        colour = Colour.RED
    elif yellow_at is not None and yellow_at <= now:
        colour = Colour.YELLOW
    else:
        colour = Colour.GREEN
    return Light(colour, left_in_words(due_at, now), due_at)


def left_in_words(due_at: datetime, now: datetime) -> str:
    """“还剩 3 天”, “今天到期”, “超期 2 天”; limits in hours, and the first day of being late, by the hour."""
    if due_at <= now:
        late = now - due_at
        if late.days:
            return ngettext("超期 %(n)d 天", "超期 %(n)d 天", late.days) % {"n": late.days}
        hours = late.seconds // 3600 or 1
        return ngettext("超期 %(n)d 小时", "超期 %(n)d 小时", hours) % {"n": hours}
    local = due_at.astimezone(SHANGHAI)
    if (local.hour, local.minute) != (0, 0) and due_at - now < timedelta(days=1):
        hours = (due_at - now).seconds // 3600
        return (
            ngettext("还剩 %(n)d 小时", "还剩 %(n)d 小时", hours) % {"n": hours} if hours else _("不到一小时")
        )
    last = (local - timedelta(microseconds=1)).date()
    days = (last - now.astimezone(SHANGHAI).date()).days
    return ngettext("还剩 %(n)d 天", "还剩 %(n)d 天", days) % {"n": days} if days else _("今天到期")
