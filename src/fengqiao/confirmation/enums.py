from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseKind(TextChoices):
    """What a court is asked for: to confirm an agreement, to enforce it, or to decide where nothing was agreed."""

    CONFIRMATION = "confirmation", pgettext_lazy("法院案件", "司法确认")
    ENFORCEMENT = "enforcement", pgettext_lazy("法院案件", "强制执行")
    LAWSUIT = "lawsuit", pgettext_lazy("法院案件", "起诉")


class CaseState(TextChoices):
    PREPARED = "prepared", pgettext_lazy("法院案件", "准备中")
    FILED = "filed", pgettext_lazy("法院案件", "已提交，等法院决定是否受理")
    DOCKETED = "docketed", pgettext_lazy("法院案件", "已立案")
    ASKED = "asked", pgettext_lazy("法院案件", "法院要求补充")
    CONFIRMED = "confirmed", pgettext_lazy("法院案件", "裁定有效")
    REFUSED = "refused", pgettext_lazy("法院案件", "不予受理或者驳回")
    WITHDRAWN = "withdrawn", pgettext_lazy("法院案件", "已撤回")
    DROPPED = "dropped", pgettext_lazy("法院案件", "没有提交")
    JUDGED = "judged", pgettext_lazy("法院案件", "已判决")
    SETTLED = "settled", pgettext_lazy("法院案件", "法院调解结案")
    ENFORCED = "enforced", pgettext_lazy("法院案件", "执行完毕")
    UNENFORCED = "unenforced", pgettext_lazy("法院案件", "终结本次执行")


RUNNING = frozenset({CaseState.PREPARED, CaseState.FILED, CaseState.DOCKETED, CaseState.ASKED})
AT_COURT = RUNNING - {CaseState.PREPARED}


class CourtLevel(TextChoices):
    BASIC = "basic", pgettext_lazy("法院", "基层人民法院")
    INTERMEDIATE = "intermediate", pgettext_lazy("法院", "中级人民法院")


class Turn(TextChoices):
    """Who has to do something next."""

    PARTIES = "parties", pgettext_lazy("法院案件", "轮到当事人")
    COURT = "court", pgettext_lazy("法院案件", "轮到法院")


TURN = {
    CaseState.PREPARED: Turn.PARTIES,
    CaseState.FILED: Turn.COURT,
    CaseState.DOCKETED: Turn.COURT,
    CaseState.ASKED: Turn.PARTIES,
}


class CourtAction(TextChoices):
    """Types in the history of a matter: ``court.<action>``."""

    PREPARE = "prepare", _("准备司法确认申请")
    AMEND = "amend", _("改写司法确认申请")
    DROP = "drop", _("不再提交")
    FILE = "file", _("共同提交司法确认申请")
    ENFORCE = "enforce", _("申请强制执行")
    SUE = "sue", _("向法院起诉")
    DOCKET = "docket", _("法院立案")
    ASK_MORE = "ask_more", _("法院要求补充材料")
    SUPPLY = "supply", _("已补充材料")
    HEAR = "hear", _("法院定开庭或者询问日期")
    WITHDRAW = "withdraw", _("撤回")
    CONFIRM = "confirm", _("裁定协议有效")
    REFUSE = "refuse", _("不予受理或者裁定驳回")
    JUDGE = "judge", _("法院判决")
    SETTLE = "settle", _("法院调解结案")
    FULFIL = "fulfil", _("执行完毕")
    END_ENFORCING = "end_enforcing", _("终结本次执行")
