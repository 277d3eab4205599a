from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PaperKind(TextChoices):
    RECEIPT = "receipt", _("登记回执")
    NOTICE = "notice", _("告知书")
    DISPATCH = "dispatch", _("交办单")
    RETURN = "return", _("退回单")
    REPLY = "reply", _("答复书")
    # Written by a room above: the papers of supervision.
    LETTER = "letter", _("督办文书")
    RECOMMENDATION = "advice", _("源头治理建议书")
    REPORT = "report", _("风险直报")
    FORM = "form", _("卷宗文书")


class ServiceMethod(TextChoices):
    IN_PERSON = "in_person", _("当面送达")
    POST = "post", _("邮寄送达")
    ELECTRONIC = "electronic", _("电子送达")
    LEFT = "left", _("留置送达")
    FORWARDED = "forwarded", _("委托送达")
    ANNOUNCED = "announced", _("公告送达")


class VolumeState(TextChoices):
    ORDERED = "ordered", _("等待装订")
    BINDING = "binding", _("正在装订")
    DONE = "done", _("已装订")
    REFUSED = "refused", _("没有装订成")


UNFINISHED = (VolumeState.ORDERED, VolumeState.BINDING)


class BatchState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("销毁", "待审批")
    APPROVED = "approved", pgettext_lazy("销毁", "已批准，已销毁")
    REFUSED = "refused", pgettext_lazy("销毁", "没有批准")


class ItemState(TextChoices):
    LISTED = "listed", pgettext_lazy("销毁", "待审批")
    DISPOSED = "disposed", pgettext_lazy("销毁", "已销毁")
    LEFT = "left", pgettext_lazy("销毁", "没有销毁")


class TemplateState(TextChoices):
    DRAFT = "draft", pgettext_lazy("模板", "待批准")
    APPROVED = "approved", pgettext_lazy("模板", "已批准")
    DROPPED = "dropped", pgettext_lazy("模板", "没有采用")
