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


class StackState(TextChoices):
    ORDERED = "ordered", pgettext_lazy("扫描", "等待识别")
    READING = "reading", pgettext_lazy("扫描", "正在识别")
    DONE = "done", pgettext_lazy("扫描", "已识别")
    REFUSED = "refused", pgettext_lazy("扫描", "没有识别")


UNREAD_STACKS = (StackState.ORDERED, StackState.READING)


class SourceTrouble(TextChoices):
    """Why nothing of a file was read."""

    DAMAGED = "damaged", pgettext_lazy("扫描", "文件损坏，打不开")
    LOCKED = "locked", pgettext_lazy("扫描", "文件有密码")
    TOO_LARGE = "too_large", pgettext_lazy("扫描", "图片太大，不像是纸的照片")
    REPEATED = "repeated", pgettext_lazy("扫描", "和这一叠里前面的文件相同")


class PageState(TextChoices):
    """What became of a scanned page, or what it waits for."""

    FILED = "filed", pgettext_lazy("扫描", "已归卷")
    SAME = "same", pgettext_lazy("扫描", "同一扫描，已在卷里")
    AGAIN = "again", pgettext_lazy("扫描", "这一页已有签字件")
    OLDER = "older", pgettext_lazy("扫描", "文书已换新版")
    GONE = "gone", pgettext_lazy("扫描", "事项里没有这份文书")
    OTHER = "other", pgettext_lazy("扫描", "属于别的事项")
    ARCHIVED = "archived", pgettext_lazy("扫描", "事项已归档")
    UNREAD = "unread", pgettext_lazy("扫描", "没有读出二维码")
    SEVERAL = "several", pgettext_lazy("扫描", "一页上有几份文书的二维码")
    FOREIGN = "foreign", pgettext_lazy("扫描", "不是文书的二维码")
    HIDDEN = "hidden", pgettext_lazy("扫描", "您的岗位不能归入")
    SPOILED = "spoiled", pgettext_lazy("扫描", "页面读不出来")
    ASIDE = "aside", pgettext_lazy("扫描", "已搁置")


SETTLED_PAGES = (PageState.FILED, PageState.SAME, PageState.ASIDE)
# Nothing of them is shown, and nobody puts them anywhere: who may sees to the sheet itself.
UNSHOWN = (PageState.HIDDEN, PageState.SPOILED)
# What a person may put where it belongs: there is a picture to look at, and nothing forbids it.
PLACEABLE = (
    PageState.AGAIN,
    PageState.OLDER,
    PageState.GONE,
    PageState.OTHER,
    PageState.UNREAD,
    PageState.SEVERAL,
    PageState.FOREIGN,
    PageState.ASIDE,
)


class PaperAction(TextChoices):
    """What the history tells of papers."""

    SERVED = "served", _("文书送达")
    SIGNED = "signed", _("签字件归卷")
    SIGNED_ANEW = "signed_anew", _("更换签字件")
    TAKEN_OUT = "taken_out", _("撤出签字件")
