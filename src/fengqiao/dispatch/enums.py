from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Part(TextChoices):
    LEAD = "lead", _("主办")
    ASSIST = "assist", _("协办")


class Responsibility(TextChoices):
    """The three subjects of responsibility (三个主体责任)."""

    TERRITORY = "territory", _("属地责任")
    INDUSTRY = "industry", _("行业主管责任")
    POLITICAL_LEGAL = "political_legal", _("政法责任")


class AssignmentState(TextChoices):
    ISSUED = "issued", _("待报到")
    WORKING = "working", _("在办")
    RETURN_ASKED = "return_asked", _("申请退回待裁定")
    RETURNED = "returned", _("已退回")
    DISPOSED = "disposed", _("已写办理结果")
    SIGNED_OFF = "signed_off", _("已会签")
    OVERRIDDEN = "overridden", _("主任代为通过")
    ENDED = "ended", _("已了结")


LIVE = (AssignmentState.ISSUED, AssignmentState.WORKING, AssignmentState.RETURN_ASKED)


class AssignmentAction(TextChoices):
    CHECK_IN = "check_in", _("报到")
    PROGRESS = "progress", _("记录进展")
    ASK_RETURN = "ask_return", _("申请退回")
    ARBITRATE = "arbitrate", _("裁定承办")
    ASK_EXTENSION = "ask_extension", _("申请延期")
    DECIDE_EXTENSION = "decide_extension", _("审批延期")
    DISPOSE = "dispose", _("写办理结果")
    SIGN_OFF = "sign_off", _("会签")
    OVERRIDE = "override", _("代为通过会签")


class Decision(TextChoices):
    PENDING = "pending", _("待定")
    UPHELD = "upheld", _("同意")
    REFUSED = "refused", _("不同意")


class Opinion(TextChoices):
    AGREE = "agree", _("同意")
    OBJECT = "object", _("有不同意见")


class WhistlePlace(TextChoices):
    WINDOW = "window", _("窗口")
    VILLAGE = "village", _("村居")
    EVENT = "event", _("现场")


class CallState(TextChoices):
    CALLED = "called", _("已吹哨")
    ON_THE_WAY = "on_the_way", _("在路上")
    THERE = "there", _("已到场")
    DONE = "done", _("已处置")
    STOOD_DOWN = "stood_down", _("已取消")
