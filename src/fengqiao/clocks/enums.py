"""Codes of the clocks' tables."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CalendarEntryKind(TextChoices):
    """What an entry says of a county's calendar. A withdrawal takes another entry back, and says nothing else."""

    NOTICE = "notice", _("放假通知")
    CLOSURE = "closure", _("停办")
    WITHDRAWAL = "withdrawal", _("撤下")


class FactKind(TextChoices):
    """What happened to a matter that some limit looks at. rules/data/running.csv and limits.csv name these codes."""

    # On the matter's own row, and a row of their own only where somebody put them right.
    RECEIVED = "received", pgettext_lazy("时限事实", "收到")
    REGISTERED = "registered", pgettext_lazy("时限事实", "登记")
    # From the steps
    ACCEPTED = "accepted", pgettext_lazy("时限事实", "中心受理")
    MEDIATION_BEGUN = "mediation_begun", pgettext_lazy("时限事实", "开始调解")
    MEDIATION_ENDED = "mediation_ended", pgettext_lazy("时限事实", "调解结束")
    AGREEMENT_EFFECTIVE = "agreement_effective", pgettext_lazy("时限事实", "调解协议生效")
    SETTLED = "settled", pgettext_lazy("时限事实", "办结")
    VISIT_DUE = "visit_due", pgettext_lazy("时限事实", "可以回访")
    VISITED = "visited", pgettext_lazy("时限事实", "回访到")
    CLOSED = "closed", pgettext_lazy("时限事实", "结案")
    REOPENED = "reopened", pgettext_lazy("时限事实", "重启")
    WITHDRAWN = "withdrawn", pgettext_lazy("时限事实", "撤回")
    MERGED = "merged", pgettext_lazy("时限事实", "并入其他事项")
    # From departments
    DISPATCHED = "dispatched", pgettext_lazy("时限事实", "交办")
    CHECKED_IN = "checked_in", pgettext_lazy("时限事实", "报到")
    RETURN_ASKED = "return_asked", pgettext_lazy("时限事实", "申请退回")
    RETURNED = "returned", pgettext_lazy("时限事实", "退回")
    DISPOSED = "disposed", pgettext_lazy("时限事实", "写出办理结果")
    SIGN_OFF_ASKED = "sign_off_asked", pgettext_lazy("时限事实", "送会签")
    SIGNED_OFF = "signed_off", pgettext_lazy("时限事实", "会签")
    # From direct reports
    REPORT_DUE = "report_due", pgettext_lazy("时限事实", "应当直报")
    REPORTED = "reported", pgettext_lazy("时限事实", "直报")
    REPORT_DECLINED = "report_declined", pgettext_lazy("时限事实", "写明不直报")
    REPORT_READ = "report_read", pgettext_lazy("时限事实", "直报都已阅")
    # From referrals: each names the one limit that looks at it
    MATERIALS_SIGNED = "materials_signed", pgettext_lazy("时限事实", "签收法院材料")
    RESULT_RETURNED = "result_returned", pgettext_lazy("时限事实", "结果交回法院")
    # Written down by an officer: this program does not see them happen
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("时限事实", "书面告知接收情况")
    CONSULTATION_DISPATCHED = "consultation_dispatched", pgettext_lazy("时限事实", "咨询类交办")
    FOUND_SIMPLE = "found_simple", pgettext_lazy("时限事实", "定为简单")
    FOUND_ORDINARY = "found_ordinary", pgettext_lazy("时限事实", "定为一般")
    FOUND_COMPLEX = "found_complex", pgettext_lazy("时限事实", "定为复杂")
    OPINION_SERVED = "opinion_served", pgettext_lazy("时限事实", "处理意见书送达")
    REVIEW_REQUESTED = "review_requested", pgettext_lazy("时限事实", "请求复查")
    REVIEW_SERVED = "review_served", pgettext_lazy("时限事实", "复查意见书送达")
    RECHECK_REQUESTED = "recheck_requested", pgettext_lazy("时限事实", "请求复核")
    RECHECK_SERVED = "recheck_served", pgettext_lazy("时限事实", "复核意见书送达")
    CONFIRMATION_APPLIED = "confirmation_applied", pgettext_lazy("时限事实", "申请司法确认")
    COURT_DOCKETED = "court_docketed", pgettext_lazy("时限事实", "法院立案")
    COURT_DECIDED = "court_decided", pgettext_lazy("时限事实", "法院裁定")
    PERFORMANCE_DUE = "performance_due", pgettext_lazy("时限事实", "履行期限届满")
    ENFORCEMENT_APPLIED = "enforcement_applied", pgettext_lazy("时限事实", "申请强制执行")
    ARBITRATION_APPLIED = "arbitration_applied", pgettext_lazy("时限事实", "申请仲裁")
    ARBITRATION_ACCEPTED = "arbitration_accepted", pgettext_lazy("时限事实", "仲裁委受理")
    ARBITRATION_DECIDED = "arbitration_decided", pgettext_lazy("时限事实", "仲裁裁决")
    RIGHT_KNOWN = "right_known", pgettext_lazy("时限事实", "知道权利被侵害")
    LIABILITY_SERVED = "liability_served", pgettext_lazy("时限事实", "收到事故认定书")
    TRAFFIC_APPLIED = "traffic_applied", pgettext_lazy("时限事实", "一致申请调解")
    FUNERAL_ENDED = "funeral_ended", pgettext_lazy("时限事实", "办理丧葬事宜结束")
    TREATMENT_ENDED = "treatment_ended", pgettext_lazy("时限事实", "治疗终结")
    DISABILITY_RATED = "disability_rated", pgettext_lazy("时限事实", "定残")
    LOSS_FIXED = "loss_fixed", pgettext_lazy("时限事实", "确定损失")
    FIRST_MEDIATION_FAILED = "first_mediation_failed", pgettext_lazy("时限事实", "第一次治安调解未成")
    ADMINISTRATION_APPLIED = "administration_applied", pgettext_lazy("时限事实", "申请行政调解")
    ADMINISTRATION_ACCEPTED = "administration_accepted", pgettext_lazy("时限事实", "行政机关受理调解")
    LAND_APPLIED = "land_applied", pgettext_lazy("时限事实", "申请处理土地权属")
    LAND_ACCEPTED = "land_accepted", pgettext_lazy("时限事实", "受理土地权属纠纷")
    # That move one limit
    DONE = "done", pgettext_lazy("时限事实", "已经办到")
    PAUSED = "paused", pgettext_lazy("时限事实", "中止")
    RESUMED = "resumed", pgettext_lazy("时限事实", "恢复")
    RESTARTED = "restarted", pgettext_lazy("时限事实", "中断，重新计算")
    EXTENDED = "extended", pgettext_lazy("时限事实", "延长")
    # Say what was asked and answered, and move nothing.
    EXTENSION_ASKED = "extension_asked", pgettext_lazy("时限事实", "申请延长")
    EXTENSION_REFUSED = "extension_refused", pgettext_lazy("时限事实", "不同意延长")


# Written down by an officer, for no step of this program writes them.
BY_HAND = frozenset(
    {
        FactKind.ACKNOWLEDGED,
        FactKind.CONSULTATION_DISPATCHED,
        FactKind.FOUND_SIMPLE,
        FactKind.FOUND_ORDINARY,
        FactKind.FOUND_COMPLEX,
        FactKind.OPINION_SERVED,
        FactKind.REVIEW_REQUESTED,
        FactKind.REVIEW_SERVED,
        FactKind.RECHECK_REQUESTED,
        FactKind.RECHECK_SERVED,
        FactKind.CONFIRMATION_APPLIED,
        FactKind.COURT_DOCKETED,
        FactKind.COURT_DECIDED,
        FactKind.PERFORMANCE_DUE,
        FactKind.ENFORCEMENT_APPLIED,
        FactKind.ARBITRATION_APPLIED,
        FactKind.ARBITRATION_ACCEPTED,
        FactKind.ARBITRATION_DECIDED,
        FactKind.RIGHT_KNOWN,
        FactKind.LIABILITY_SERVED,
        FactKind.TRAFFIC_APPLIED,
        FactKind.FUNERAL_ENDED,
        FactKind.TREATMENT_ENDED,
        FactKind.DISABILITY_RATED,
        FactKind.LOSS_FIXED,
        FactKind.FIRST_MEDIATION_FAILED,
        FactKind.ADMINISTRATION_APPLIED,
        FactKind.ADMINISTRATION_ACCEPTED,
        FactKind.LAND_APPLIED,
        FactKind.LAND_ACCEPTED,
    }
)
# Happen to people or at other bodies, often long before anybody comes to a centre.
BEFORE_THE_MATTER = frozenset(
    {
        FactKind.OPINION_SERVED,
        FactKind.REVIEW_REQUESTED,
        FactKind.REVIEW_SERVED,
        FactKind.RECHECK_REQUESTED,
        FactKind.RECHECK_SERVED,
        FactKind.COURT_DOCKETED,
        FactKind.PERFORMANCE_DUE,
        FactKind.MATERIALS_SIGNED,
        FactKind.ARBITRATION_APPLIED,
        FactKind.ARBITRATION_ACCEPTED,
        FactKind.ARBITRATION_DECIDED,
        FactKind.RIGHT_KNOWN,
        FactKind.LIABILITY_SERVED,
        FactKind.TRAFFIC_APPLIED,
        FactKind.FUNERAL_ENDED,
        FactKind.TREATMENT_ENDED,
        FactKind.DISABILITY_RATED,
        FactKind.LOSS_FIXED,
        FactKind.FIRST_MEDIATION_FAILED,
        FactKind.LAND_APPLIED,
    }
)
# Move one limit; written by the verbs of domain/moving.py.
MOVING = (FactKind.PAUSED, FactKind.RESUMED, FactKind.RESTARTED)
# About more time; written by the verbs of domain/extending.py.
ABOUT_EXTENSION = (FactKind.EXTENSION_ASKED, FactKind.EXTENDED, FactKind.EXTENSION_REFUSED)


class ClockState(TextChoices):
    """``void``: it never ran, as the facts are known now; kept, because somebody may have been told of it."""

    RUNNING = "running", pgettext_lazy("时限", "在走")
    PAUSED = "paused", pgettext_lazy("时限", "中止")
    STOPPED = "stopped", pgettext_lazy("时限", "已停")
    VOID = "void", pgettext_lazy("时限", "作废")


class OwedBy(TextChoices):
    """Who has to act before the limit ends."""

    CENTRE = "centre", _("综治中心")
    DEPARTMENT = "department", _("承办部门")
    MEDIATION = "mediation", _("调解组织")
    AUTHORITY = "authority", _("有权机关")
    PARTY = "party", _("当事人")
    COURT = "court", _("法院或仲裁委")


class Acts(TextChoices):
    """What a limit does (rules.queries.limits.Acts); only one that lights counts for anybody or is chased."""

    LIGHTS = "lights", _("亮灯")
    REMINDS = "reminds", _("只提醒")
    SHOWN = "shown", _("只显示")


class Whose(TextChoices):
    """Whose limits are asked for: what waits for the acting post, what its centre holds, all that it may see."""

    MINE = "mine", pgettext_lazy("谁的时限", "轮到我的")
    CENTRE = "centre", pgettext_lazy("谁的时限", "本中心的")
    ALL = "all", pgettext_lazy("谁的时限", "全部看得到的")


class AgreedDay(TextChoices):
    """Days on which people agreed and that are no limits; in rules/data/chasing.csv ``day.<value>``."""

    TERM = "term", _("约定到期")
    TALK = "talk", pgettext_lazy("标题", "会谈")
    ANSWER = "answer", _("等对方答复")
    HANDED_IN = "handed_in", _("要交回调解结果")
    SUPPLY = "supply", _("法院要求补充，请当事人补齐")
    HEARING = "hearing", _("法院开庭或者询问")
    CONFIRM = "confirm", _("可以共同申请司法确认的最后一日")
    ENFORCE = "enforce", _("可以申请强制执行的最后一日")
    OPINION = "opinion", _("法律会诊")
    LAWYER = "lawyer", _("当事人约了律师")
