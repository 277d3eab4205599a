from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReferralState(TextChoices):
    WAITING = "waiting", pgettext_lazy("转介", "等答复")
    ACCEPTED = "accepted", pgettext_lazy("转介", "已接收")
    REFUSED = "refused", pgettext_lazy("转介", "未接收")
    RETURNED = "returned", pgettext_lazy("转介", "已交回结果")
    CALLED_BACK = "called_back", pgettext_lazy("转介", "已撤回")


OPEN = (ReferralState.WAITING, ReferralState.ACCEPTED)


class Outcome(TextChoices):
    """What came back; each kind's row of the table names those that it can have."""

    AGREED = "agreed", pgettext_lazy("转介结果", "调解成功")
    FAILED = "failed", pgettext_lazy("转介结果", "调解不成")
    WITHDRAWN = "withdrawn", pgettext_lazy("转介结果", "撤回申请")
    DONE = "done", pgettext_lazy("转介结果", "已办理")
    NOT_DONE = "not_done", pgettext_lazy("转介结果", "没有办成")
    GRANTED = "granted", pgettext_lazy("转介结果", "给予")
    DENIED = "denied", pgettext_lazy("转介结果", "不给予")
    DECIDED = "decided", pgettext_lazy("转介结果", "已裁决")


class ReferralAction(TextChoices):
    """Types in the history of a matter: ``referral.<action>``."""

    SEND = "send", _("转介出去")
    RECEIVE = "receive", _("接到移交")
    ACCEPT = "accept", _("记录接收")
    REFUSE = "refuse", _("记录不接收")
    REMIND = "remind", _("催问转介")
    SUPPLY = "supply", _("补送材料")
    GIVE_BACK = "give_back", _("记录交回的结果")
    CALL_BACK = "call_back", _("撤回转介")
