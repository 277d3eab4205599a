"""Codes of joint legal consultations (法律会诊)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.places.enums import DepartmentKind


class Capacity(TextChoices):
    """As what somebody takes part in a consultation."""

    CENTRE = "centre", pgettext_lazy("会诊身份", "综治中心")
    COURT = "court", pgettext_lazy("会诊身份", "人民法院")
    PROCURATORATE = "procuratorate", pgettext_lazy("会诊身份", "人民检察院")
    JUSTICE = "justice", pgettext_lazy("会诊身份", "司法行政")
    POLICE = "police", pgettext_lazy("会诊身份", "公安机关")
    LAW_SOCIETY = "law_society", pgettext_lazy("会诊身份", "法学会会员")
    CHIEF = "chief", pgettext_lazy("会诊身份", "首席法律咨询专家")
    ADVISORY = "advisory", pgettext_lazy("会诊身份", "法治顾问团成员")
    LAWYER = "lawyer", pgettext_lazy("会诊身份", "律师")
    EXPERT = "expert", pgettext_lazy("会诊身份", "其他专家")


# Departments whose posts are invited, and as what.
INVITED_KINDS = {
    DepartmentKind.COURT: Capacity.COURT,
    DepartmentKind.PROCURATORATE: Capacity.PROCURATORATE,
    DepartmentKind.JUSTICE: Capacity.JUSTICE,
    DepartmentKind.POLICE: Capacity.POLICE,
}
# Whoever has no post here: invited by name, outside the program.
OUTSIDE = (Capacity.LAW_SOCIETY, Capacity.CHIEF, Capacity.ADVISORY, Capacity.LAWYER, Capacity.EXPERT)


# Whom a county names to be asked about the law.
ADVISERS = (Capacity.LAW_SOCIETY, Capacity.CHIEF, Capacity.ADVISORY)
ADVISER_KINDS = [(each.value, each.label) for each in ADVISERS]


class AdviserAction(TextChoices):
    ENTER = "enter", _("登记法律顾问")
    END = "end", _("停任法律顾问")


class Way(TextChoices):
    ROOM = "room", pgettext_lazy("会诊方式", "现场")
    VIDEO = "video", pgettext_lazy("会诊方式", "视频")


class ConsultationState(TextChoices):
    CALLED = "called", _("会诊中")
    SIGNED = "signed", _("意见已签发")
    CALLED_OFF = "called_off", pgettext_lazy("会诊", "已取消")
    ENDED = "ended", pgettext_lazy("会诊", "随事项终止")


class Reply(TextChoices):
    """What somebody who is invited says."""

    PENDING = "pending", pgettext_lazy("会诊", "还没有回复")
    COMES = "comes", pgettext_lazy("会诊", "参加")
    CANNOT = "cannot", pgettext_lazy("会诊", "不能参加")
    RECUSED = "recused", pgettext_lazy("会诊", "申请回避")


# Who takes part, and may read what is asked.
TAKES_PART = (Reply.PENDING, Reply.COMES)


class Followed(TextChoices):
    """What was done with the written opinion."""

    YES = "yes", pgettext_lazy("会诊意见", "采纳")
    IN_PART = "in_part", pgettext_lazy("会诊意见", "部分采纳")
    NO = "no", pgettext_lazy("会诊意见", "未采纳")


class ConsultationAction(TextChoices):
    CALL = "call", _("召集法律会诊")
    INVITE = "invite", _("增邀会诊人员")
    REPLY = "reply", _("回复会诊邀请")
    OPINE = "opine", _("提交会诊意见")
    SIGN = "sign", _("签发会诊意见书")
    FOLLOW = "follow", _("记录会诊意见办理情况")
    CALL_OFF = "call_off", _("取消法律会诊")


class TeamKind(TextChoices):
    """Two kinds of three-person groups, kept apart, and task forces."""

    # 江门: in a village, with the four links.
    VILLAGE = "village", _("村居三人小组（四联）")
    # 光明: for major risks, binding territory, industry and police station.
    MAJOR = "major", _("情理法三人小组")
    FORCE = "force", _("工作专班")


class FourLink(TextChoices):
    """四联: what a task of a group in a village is for."""

    INFORM = "inform", _("信息联通")
    SOLVE = "solve", _("问题联治")
    HELP = "help", _("困难联帮")
    SHARE = "share", _("资源联用")


class TaskState(TextChoices):
    OPEN = "open", pgettext_lazy("小组任务", "进行中")
    DONE = "done", pgettext_lazy("小组任务", "已完成")
    DROPPED = "dropped", pgettext_lazy("小组任务", "已取消")


class TeamAction(TextChoices):
    SET_UP = "set_up", _("组建小组或专班")
    SEAT = "seat", _("加入成员")
    LEAVE = "leave", _("成员退出")
    GIVE = "give", _("交小组办理")
    TAKE_BACK = "take_back", _("小组办理结束")
    TASK = "task", _("布置小组任务")
    FINISH = "finish", _("完成小组任务")
    DROP = "drop", _("取消小组任务")
    DISSOLVE = "dissolve", _("撤销小组或专班")
