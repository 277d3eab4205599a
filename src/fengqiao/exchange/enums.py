from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ExportFormat(TextChoices):
    XLSX = "xlsx", "Excel"
    CSV = "csv", "CSV"


class ExportState(TextChoices):
    ORDERED = "ordered", _("排队中")
    WRITING = "writing", _("正在写")
    DONE = "done", _("可以下载")
    REFUSED = "refused", _("没有导出")
    EXPIRED = "expired", _("已过期删除")


UNFINISHED = (ExportState.ORDERED, ExportState.WRITING)
