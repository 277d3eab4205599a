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


class Answer(TextChoices):
    """The answer to a question of the checklist about one file."""

    YES = "yes", pgettext_lazy("抽查", "符合")
    NO = "no", pgettext_lazy("抽查", "不符合")
    NA = "na", pgettext_lazy("抽查", "不适用")


class SampleAction(TextChoices):
    DRAW = "draw", _("抽取结案卷宗")
    CHECK = "check", _("检查卷宗")
    MEND = "mend", _("写整改情况")


class ReviewKind(TextChoices):
    """Why a matter's handling is looked back at."""

    CASE = "case", _("案件评查")
    CRIMINAL = "criminal", _("民转刑复盘")


class ReviewState(TextChoices):
    OPENED = "opened", _("待评查")
    FOUND = "found", _("已写评查意见，待结论")
    TO_MEND = "to_mend", _("待整改反馈")
    OVER = "over", pgettext_lazy("评查", "已完成")


class CaseAction(TextChoices):
    OPEN = "open", _("启动案件评查")
    FIND = "find", _("写评查意见")
    CONCLUDE = "conclude", _("作出评查结论")
    ANSWER = "answer", _("反馈评查整改")
    WRITE_UP = "write_up", _("写复盘")
