from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Way(TextChoices):
    """人民调解法 第28条: in writing, or orally where the parties find no paper necessary."""

    WRITTEN = "written", pgettext_lazy("协议", "书面协议")
    ORAL = "oral", pgettext_lazy("协议", "口头协议")


class AgreementState(TextChoices):
    DRAFT = "draft", pgettext_lazy("协议", "拟写、签署中")
    EFFECTIVE = "effective", pgettext_lazy("协议", "已生效")
    DROPPED = "dropped", pgettext_lazy("协议", "没有签成")


class TermKind(TextChoices):
    """What somebody promises. A payment says how much and until when, a deed until when."""

    PAY = "pay", pgettext_lazy("约定", "付钱")
    DO = "do", pgettext_lazy("约定", "做到")
    REFRAIN = "refrain", pgettext_lazy("约定", "不再做")


class TermState(TextChoices):
    """``proposed`` until the agreement takes effect. ``lasting``: a promise without an end (not to do something) is
    neither performed nor due."""

    PROPOSED = "proposed", pgettext_lazy("约定", "未生效")
    DUE = "due", pgettext_lazy("约定", "待履行")
    PART = "part", pgettext_lazy("约定", "部分履行")
    DONE = "done", pgettext_lazy("约定", "已履行")
    LASTING = "lasting", pgettext_lazy("约定", "长期遵守")


OWED = frozenset({TermState.DUE, TermState.PART})


class Signer(TextChoices):
    """Whose mark a written agreement needs (人民调解法 第29条第2款)."""

    PARTY = "party", pgettext_lazy("签署", "当事人")
    MEDIATOR = "mediator", pgettext_lazy("签署", "调解员")
    ORGANISATION = "organisation", pgettext_lazy("签署", "调解组织")


class Mark(TextChoices):
    SIGNATURE = "signature", pgettext_lazy("签署", "签名")
    SEAL = "seal", pgettext_lazy("签署", "盖章")
    FINGERPRINT = "fingerprint", pgettext_lazy("签署", "按指印")


class NoteKind(TextChoices):
    """What happened to a term after the agreement took effect."""

    PERFORMED = "performed", pgettext_lazy("履行", "履行")
    REMINDED = "reminded", pgettext_lazy("履行", "催告")
    VISITED = "visited", pgettext_lazy("履行", "上门")
    ADVISED = "advised", pgettext_lazy("履行", "告知救济途径")


# What is done where a term is overdue, one after the other.
LADDER = (NoteKind.REMINDED, NoteKind.VISITED, NoteKind.ADVISED)


class AgreementAction(TextChoices):
    """Types in the history of a matter: ``agreement.<action>``."""

    DRAFT = "draft", _("拟写调解协议")
    AMEND = "amend", _("改写调解协议")
    CHECK = "check", _("签署前核对")
    SIGN = "sign", _("签署调解协议")
    DROP = "drop", _("协议没有签成")
    TAKE_EFFECT = "take_effect", _("调解协议生效")
    AGREE = "agree", _("记录口头协议")
    PERFORM = "perform", _("记录一项履行")
    PERFORM_SEVERAL = "perform_several", _("记录多项履行")
    REMIND = "remind", _("催告履行")
    VISIT = "visit", _("上门督促履行")
    ADVISE = "advise", _("告知不履行的救济途径")
