"""Codes of what a centre can call on."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PoolAction(TextChoices):
    """What leaders keep; the value is the verb of the audit."""

    OPEN_ROOM = "room.open", _("登记调解室")
    AMEND_ROOM = "room.amend", _("修改调解室")
    END_ROOM = "room.end", _("结束调解室")
    PUT_TO_WORK = "room.put_to_work", _("安排调解员到调解室")
    END_WORK = "room.end_work", _("调解员离开调解室")
