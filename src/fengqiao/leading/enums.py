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
