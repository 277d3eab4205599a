"""Codes of the register of mediators."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Language(TextChoices):
    """What people in the county speak at a mediation; beside Mandarin, which everybody speaks."""

    CANTONESE = "cantonese", _("粤语")
    SIYI = "siyi", _("四邑话")
    HAKKA = "hakka", _("客家话")
    TEOCHEW = "teochew", _("潮州话")
    ZHUANG = "zhuang", _("壮语")
    SIGN = "sign", _("手语")
    ENGLISH = "english", _("英语")


class Fit(TextChoices):
    """Why a mediator is proposed for a matter: facts of their work, never a mark."""

    FIELD = "field", pgettext_lazy("调解员匹配", "擅长这类纠纷")
    LANGUAGE = "language", pgettext_lazy("调解员匹配", "会说这种话")
    PLACE = "place", pgettext_lazy("调解员匹配", "就在事发地")
