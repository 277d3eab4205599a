from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Result(TextChoices):
    WRITTEN = "written", _("达成书面协议")
    ORAL = "oral", _("达成口头协议")
    REFUSED = "refused", _("一方拒绝调解")
    WITHDRAWN = "withdrawn", _("当事人撤回调解申请")
    EXPIRED = "expired", _("调解期满未成")
    SUED = "sued", _("当事人已起诉")
    NOT_FIT = "not_fit", _("不适宜继续调解")


AGREED = frozenset({Result.WRITTEN, Result.ORAL})


class ConsentMethod(TextChoices):
    IN_PERSON = "in_person", _("当面")
    PHONE = "phone", _("电话")
    WRITTEN = "written", _("书面")


class MediationAction(TextChoices):
    """What is written down beside the steps."""

    TELL = "tell", _("告知权利义务")
    FOOTING = "footing", _("登记调解组织")
    FEE = "fee", _("约定调解费用")
    ROOM = "room", _("选择调解室")
    STAND = "stand", _("登记代理和监护")
    HELP = "help", _("增加调解员或者协助人")
    LEAVE = "leave", _("不再参加调解")
    ASK_HELP = "ask_help", _("请人才库的人协助")
    ANSWER_HELP = "answer_help", _("记录是否愿意协助")
    ASK_RECUSAL = "ask_recusal", _("当事人要求回避")
    DECIDE_RECUSAL = "decide_recusal", _("决定回避")
    PLAN = "plan", _("安排会谈")
    BEGIN = "begin", _("开始会谈")
    END = "end", _("结束会谈")
    ADJOURN = "adjourn", _("会谈延期")
    PROMISE = "promise", _("记下答应带来的材料")
    BRING = "bring", _("材料带来了")
    LAPSE = "lapse", _("材料没有带来")
    RESULT = "result", _("记录逐项结果")


class Initiative(TextChoices):
    """Who set the mediation going (人民调解法 第17条: on application, or of its own accord)."""

    APPLIED = "applied", _("当事人申请")
    OWN = "own", _("主动调解")


class StandingKind(TextChoices):
    """What is known of who stands for a party in this matter; of the party's age only what an agreement needs."""

    GENERAL = "general", _("代理人：一般授权")
    SPECIAL = "special", _("代理人：特别授权")
    OWN_WORD = "own_word", _("本人确认协议内容")
    MINOR = "minor", _("未成年人（没有完全民事行为能力）")
    GUARDIAN = "guardian", _("监护人已到场或者同意")
    NOT_MINOR = "not_minor", _("更正：不是未成年人")


class HelperKind(TextChoices):
    MEDIATOR = "mediator", _("共同调解员")
    ASSISTANT = "assistant", _("协助人")


class SittingKind(TextChoices):
    JOINT = "joint", _("共同会谈")
    SEPARATE = "separate", _("单独谈话")
    INVESTIGATION = "investigate", _("调查")


class SittingWay(TextChoices):
    CENTRE = "centre", _("在中心")
    ON_SITE = "on_site", _("到现场")
    VIDEO = "video", _("视频")
    VAN = "van", _("流动调解车")


class SittingState(TextChoices):
    PLANNED = "planned", pgettext_lazy("会谈", "已安排")
    RUNNING = "running", pgettext_lazy("会谈", "正在谈")
    HELD = "held", pgettext_lazy("会谈", "已谈完")
    ADJOURNED = "adjourned", pgettext_lazy("会谈", "已延期")


class EvidenceState(TextChoices):
    """What became of something that a party promised to bring."""

    WAITING = "waiting", pgettext_lazy("答应的材料", "等着带来")
    CAME = "came", pgettext_lazy("答应的材料", "已带来")
    LAPSED = "lapsed", pgettext_lazy("答应的材料", "没有带来")


class Came(TextChoices):
    """What came of one claim between two parties."""

    AGREED = "agreed", pgettext_lazy("逐项结果", "全部达成")
    PARTLY = "partly", pgettext_lazy("逐项结果", "部分达成")
    FAILED = "failed", pgettext_lazy("逐项结果", "没有达成")
    WITHDRAWN = "withdrawn", pgettext_lazy("逐项结果", "已撤回")
    REFUSED = "refused", pgettext_lazy("逐项结果", "一方拒绝，终止调解")
