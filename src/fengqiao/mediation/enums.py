from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
    STAND = "stand", _("登记代理和监护")
    HELP = "help", _("增加调解员或者协助人")
    LEAVE = "leave", _("不再参加调解")
    ASK_RECUSAL = "ask_recusal", _("当事人要求回避")
    DECIDE_RECUSAL = "decide_recusal", _("决定回避")


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
