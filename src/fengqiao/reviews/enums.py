"""Codes of the accountability list (责任清单) and of the reviews."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HeldKind(TextChoices):
    """What may be held against a body's handling of one matter (rules/data/accountability.csv names these codes)."""

    CLOCK_BROKEN = "clock_broken", pgettext_lazy("责任清单", "时限已超")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("责任清单", "应受理、应报到而未按期")
    RETURNED = "returned_without_ground", pgettext_lazy("责任清单", "无依据退回")
    VISIT_SKIPPED = "visit_skipped", pgettext_lazy("责任清单", "应回访而未回访")


class Source(TextChoices):
    """Where in the ledger a fact is seen."""

    CLOCK = "clock", pgettext_lazy("责任清单", "时限")
    ASSIGNMENT = "assignment", pgettext_lazy("责任清单", "交办")
    RETURN = "return", pgettext_lazy("责任清单", "退回裁定")
    VISIT = "visit", pgettext_lazy("责任清单", "回访")


class Standing(TextChoices):
    """How an entry of the list stands today; follows from its dates, is stored nowhere."""

    TO_REPLY = "to_reply", pgettext_lazy("责任清单", "已告知，单位可以答复")
    REPLIED = "replied", pgettext_lazy("责任清单", "单位已答复")
    UNANSWERED = "unanswered", pgettext_lazy("责任清单", "期内没有答复")
    WITHDRAWN = "withdrawn", pgettext_lazy("责任清单", "已撤回")


class HeldAction(TextChoices):
    LIST = "list", _("列入责任清单")
    REPLY = "reply", _("答复责任清单")
    WITHDRAW = "withdraw", _("撤回责任清单")
