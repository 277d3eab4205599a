"""Codes of direct reports (风险直报)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DueReport(TextChoices):
    """What the table of direct reports answers about a matter (rules/data/tables/report.json)."""

    DUE = "due", _("应当直报")
    NOT_DUE = "not_due", _("不用直报")


class ReportReceiver(TextChoices):
    """To which posts above a report goes; ``queries.receivers`` finds who holds them."""

    COMMISSION = "commission", _("县委政法委")
    COUNTY_DIRECTOR = "county_director", _("县级综治中心主任")
    DIRECTOR = "director", _("本中心主任")


class ReportKind(TextChoices):
    """The first report, what followed, and that it is over."""

    INITIAL = "initial", pgettext_lazy("直报", "初报")
    FOLLOW_UP = "follow_up", pgettext_lazy("直报", "续报")
    END = "end", pgettext_lazy("直报", "终报")


class ReportAction(TextChoices):
    WRITE = "write", _("风险直报")
    FOLLOW_UP = "follow_up", _("续报")
    END = "end", _("终报")
    DECLINE = "decline", _("写明不直报")
    READ = "read", _("阅直报")
