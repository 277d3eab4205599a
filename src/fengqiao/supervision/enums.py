"""Codes of the ladder of supervision (督办)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Rung(TextChoices):
    """The ladder, from below. One is proposed after the one before it is in force."""

    LETTER = "letter", _("督办函")
    SECOND_LETTER = "second_letter", _("二次督办函")
    INTERVIEW = "interview", _("约谈")
    CIRCULAR = "circular", _("通报")
    LISTED = "listed", _("挂牌督办")
    HAND_OVER = "hand_over", _("移送")


LADDER = tuple(Rung)


class SupervisionState(TextChoices):
    PROPOSED = "proposed", _("已提请，等单位申辩")
    ANSWERED = "answered", _("单位已申辩，等政法委决定")
    ORDERED = "ordered", _("督办中，等单位反馈")
    REPORTED = "reported", _("单位已反馈，等政法委认定")
    HANDED_OVER = "handed_over", _("已移送，等处理结果")
    DECLINED = "declined", _("不予督办")
    LIFTED = "lifted", _("已解除督办")
    CONCLUDED = "concluded", _("移送已有结果")
    ENDED = "ended", _("随事项了结")


# Somebody still has to do something.
OPEN = (
    SupervisionState.PROPOSED,
    SupervisionState.ANSWERED,
    SupervisionState.ORDERED,
    SupervisionState.REPORTED,
    SupervisionState.HANDED_OVER,
)
# What ends with its matter. A file that was handed over stays with the other body until it has answered.
ENDS_WITH_MATTER = OPEN[:-1]


class SupervisionAction(TextChoices):
    PROPOSE = "propose", _("提请督办")
    ANSWER = "answer", _("申辩")
    DECIDE = "decide", _("决定督办")
    REPORT = "report", _("反馈整改")
    LIFT = "lift", _("解除督办")
    RECORD_OUTCOME = "record_outcome", _("记录移送结果")


class Branch(TextChoices):
    """What the commission decided, and what follows of it."""

    ORDERED = "ordered", _("同意")
    HANDED_OVER = "handed_over", _("同意移送")
    # The first rung: there is no supervision.
    DECLINED = "declined", _("不同意")
    # A higher rung: the one before stays in force.
    KEPT = "kept", _("不同意升级")
    KEPT_REPORTED = "kept_reported", _("不同意升级，仍等认定反馈")


class Decision(TextChoices):
    PENDING = "pending", pgettext_lazy("督办", "待决定")
    ORDERED = "ordered", pgettext_lazy("督办", "同意")
    DECLINED = "declined", pgettext_lazy("督办", "不同意")
    # The matter was closed, withdrawn or merged before.
    LAPSED = "lapsed", pgettext_lazy("督办", "不再决定")


class HandedTo(TextChoices):
    """Discipline and the judging of officials are theirs; the program hands over a file and records the answer."""

    DISCIPLINE = "discipline", _("纪检监察机关")
    ORGANISATION = "organisation", _("组织部门")


class DueSupervision(TextChoices):
    """What a row of the table of supervision answers; with either it is a person who proposes."""

    PROPOSE = "propose", _("可以提请")
    WAIT = "wait", _("还不提请")


class Ground(TextChoices):
    """The kinds of facts for which a rung may be proposed (the table of supervision names these codes)."""

    CLOCK_BROKEN = "clock_broken", _("时限已超")
    REPLY_OVERDUE = "reply_overdue", _("超过交办答复期限没有写出结果")
    SIGN_OFF_OVERDUE = "sign_off_overdue", _("会签时间已过没有会签")
    REPORT_OVERDUE = "report_overdue", _("超过反馈期限没有反馈")
    STILL_UNDONE = "still_undone", _("督办后原来的事实还在")
