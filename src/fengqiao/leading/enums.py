"""Codes of what those who lead take in hand. It is always a matter that is listed, never a person."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class KeyKind(TextChoices):
    """The two lists (rules/data/key-matters.csv names these codes)."""

    KEY = "key", _("重点案件")
    OLD_PETITION = "old_petition", _("信访积案")


class KeyAction(TextChoices):
    """What is done with a listed matter; the history's type is ``key.`` and the code."""

    LIST = "list", _("列为重点案件")
    CHARGE = "charge", _("确定包案领导")
    LOOK = "look", _("过问")
    VISIT = "visit", _("带案下访")
    UNLIST = "unlist", _("移出清单")


class LookKind(TextChoices):
    """A look at how it goes, or a visit to where it happened, with the case."""

    LOOK = "look", _("过问")
    VISIT = "visit", _("带案下访")


class Ending(TextChoices):
    """Why a matter is on the list no more."""

    RESOLVED = "resolved", _("已经化解")
    CALMED = "calmed", _("不再需要领导包案")
    MISTAKEN = "mistaken", _("不应列入")
    # Closed, withdrawn or merged: nobody chooses it.
    WITH_MATTER = "with_matter", pgettext_lazy("重点案件", "随事项了结")


CHOSEN_ENDINGS = (Ending.RESOLVED, Ending.CALMED, Ending.MISTAKEN)


class Ask(TextChoices):
    """What an instruction may ask for: all of it procedure. The substance is the department's."""

    EXPEDITE = "expedite", _("抓紧办理")
    REPORT = "report", _("报告办理情况")
    COORDINATE = "coordinate", _("牵头会商协调")
    MEET = "meet", _("当面听取群众意见")
    EXPLAIN = "explain", _("做好解释和答复")
    FOLLOW_UP = "follow_up", _("跟踪到底并回访")


class InstructionState(TextChoices):
    GIVEN = "given", _("等办理答复")
    ANSWERED = "answered", _("已答复，等认定")
    SENT_BACK = "sent_back", _("答复被退回，等再办")
    ACCEPTED = "accepted", _("已认定办到")
    ENDED = "ended", pgettext_lazy("批示", "随事项了结")


WAITS_FOR_ANSWER = (InstructionState.GIVEN, InstructionState.SENT_BACK)
OPEN_INSTRUCTIONS = (*WAITS_FOR_ANSWER, InstructionState.ANSWERED)


class InstructionAction(TextChoices):
    """The history's type is ``instruction.`` and the code."""

    GIVE = "give", _("领导批示")
    ANSWER = "answer", _("答复批示")
    ACCEPT = "accept", _("认定办到")
    SEND_BACK = "send_back", _("退回再办")


class Verdict(TextChoices):
    PENDING = "pending", pgettext_lazy("批示", "等认定")
    ACCEPTED = "accepted", pgettext_lazy("批示", "已认定")
    SENT_BACK = "sent_back", pgettext_lazy("批示", "已退回")
    LAPSED = "lapsed", pgettext_lazy("批示", "不再认定")


class RecommendationAction(TextChoices):
    """The history's type is ``recommendation.`` and the code."""

    SEND = "send", _("源头治理建议")
    REPLY = "reply", _("记录建议的回复")
