"""Codes of the study committee (研判委员会)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Expertise(TextChoices):
    """The fields for which a county names members."""

    LAW = "law", pgettext_lazy("研判领域", "法律")
    LABOUR = "labour", pgettext_lazy("研判领域", "劳动人事")
    LAND = "land", pgettext_lazy("研判领域", "土地山林")
    BUILDING = "building", pgettext_lazy("研判领域", "工程建设")
    MEDICAL = "medical", pgettext_lazy("研判领域", "医疗")
    FINANCE = "finance", pgettext_lazy("研判领域", "金融")
    FAMILY = "family", pgettext_lazy("研判领域", "婚姻家庭")
    PSYCHOLOGY = "psychology", pgettext_lazy("研判领域", "心理")
    PETITION = "petition", pgettext_lazy("研判领域", "信访")
    SAFETY = "safety", pgettext_lazy("研判领域", "公共安全")
    OTHER = "other", pgettext_lazy("研判领域", "其他")


class StudyState(TextChoices):
    OPEN = "open", _("研判中")
    CONCLUDED = "concluded", _("已有结论")
    CALLED_OFF = "called_off", _("已取消")
    ENDED = "ended", _("随事项终止")


class Reply(TextChoices):
    """What a member says to the invitation."""

    PENDING = "pending", _("还没有回复")
    COMES = "comes", _("参加")
    CANNOT = "cannot", _("不能参加")
    RECUSED = "recused", _("申请回避")


# Who takes part in the study, and may read what was laid before it.
TAKES_PART = (Reply.PENDING, Reply.COMES)


class Stance(TextChoices):
    """What a member thinks of the way that the centre proposes."""

    AGREE = "agree", _("赞成")
    AMEND = "amend", _("修改后赞成")
    DISAGREE = "disagree", _("不赞成")
    UNDECIDED = "undecided", _("保留意见")


class StudyAction(TextChoices):
    CONVENE = "convene", _("召集研判")
    INVITE = "invite", _("增邀委员")
    ADD_MATERIALS = "add_materials", _("补充材料")
    REPLY = "reply", _("回复邀请")
    OPINE = "opine", _("提交研判意见")
    CONCLUDE = "conclude", _("形成研判结论")
    CALL_OFF = "call_off", _("取消研判")
