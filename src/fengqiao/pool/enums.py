"""Codes of what a centre can call on."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PoolAction(TextChoices):
    """What leaders keep; the value is the verb of the audit."""

    OPEN_ROOM = "room.open", _("登记调解室")
    AMEND_ROOM = "room.amend", _("修改调解室")
    END_ROOM = "room.end", _("结束调解室")
    PUT_TO_WORK = "room.put_to_work", _("安排调解员到调解室")
    END_WORK = "room.end_work", _("调解员离开调解室")
    LIST_TALENT = "talent.list", _("登记人才")
    END_TALENT = "talent.end", _("移出人才库")
    ENTER_TURN = "turn.enter", _("登记律师值班")
    END_TURN = "turn.end", _("结束律师值班")
    CHANGE_DAY = "turn.change", _("登记某一天的变动")
    ENTER_BODY = "market.enter", _("登记市场化调解组织")
    PUBLISH_FEES = "market.fees", _("登记收费标准")
    END_BODY = "market.end", _("结束合作")
    SHOW_TELEPHONE = "talent.show_telephone", _("查看人才的电话")


class Profession(TextChoices):
    """What somebody of the pool works as."""

    LAWYER = "lawyer", pgettext_lazy("职业", "律师")
    PSYCHOLOGIST = "psychologist", pgettext_lazy("职业", "心理咨询师")
    DOCTOR = "doctor", pgettext_lazy("职业", "医生")
    APPRAISER = "appraiser", pgettext_lazy("职业", "鉴定评估人员")
    ENGINEER = "engineer", pgettext_lazy("职业", "工程技术人员")
    JUDGE = "judge", pgettext_lazy("职业", "退休法官、检察官")
    TEACHER = "teacher", pgettext_lazy("职业", "教师")
    OFFICIAL = "official", pgettext_lazy("职业", "行业部门人员")
    ELDER = "elder", pgettext_lazy("职业", "乡贤五老")
    OTHER = "other", pgettext_lazy("职业", "其他")


class Reply(TextChoices):
    """What somebody answered who was asked to help."""

    AGREED = "agreed", pgettext_lazy("请人协助", "愿意")
    DECLINED = "declined", pgettext_lazy("请人协助", "不能来")


class ChangeKind(TextChoices):
    """How one day differs from the weekly roster."""

    OFF = "off", pgettext_lazy("律师值班", "不来")
    EXTRA = "extra", pgettext_lazy("律师值班", "加班")


class AppointmentState(TextChoices):
    BOOKED = "booked", pgettext_lazy("约访律师", "已约")
    KEPT = "kept", pgettext_lazy("约访律师", "已见面")
    MISSED = "missed", pgettext_lazy("约访律师", "没有来")
    MOVED = "moved", pgettext_lazy("约访律师", "已改期")
    CANCELLED = "cancelled", pgettext_lazy("约访律师", "已取消")


class LawyerAction(TextChoices):
    """What is written down of a lawyer's part in a matter."""

    BOOK = "book", _("预约律师")
    MOVE = "move", _("预约改期")
    KEEP = "keep", _("记录律师意见")
    MISS = "miss", _("当事人没有来")
    CANCEL = "cancel", _("取消预约")
    FOLLOW = "follow", _("律师跟进本事项")
    LEAVE = "leave", _("律师不再跟进")
