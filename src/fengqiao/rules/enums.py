"""The words of decision tables."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TableKind(TextChoices):
    """What a table decides; what it may ask and answer stands in ``vocabulary.TABLES``."""

    TRACK = "track", _("分类流转规则")
    RISK = "risk", _("风险研判规则")
    TIER = "tier", _("分级处置规则")
    REPORT = "report", _("风险直报规则")
    SUPERVISION = "supervision", _("督办提请规则")


class OwnTable(TextChoices):
    """Tables of a county that are no decision tables, but are drafted, approved and dated like them."""

    LIMITS = "limits", _("本县自设时限")


class VersionState(TextChoices):
    """How far a version of a table has come. What is published is never changed, only followed or ended."""

    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待批准")
    PUBLISHED = "published", _("已发布")
    DROPPED = "dropped", _("已撤下")


class Standing(TextChoices):
    """Where a published version stands on a day, by its dates."""

    UPCOMING = "upcoming", _("尚未生效")
    IN_FORCE = "in_force", _("现行")
    ENDED = "ended", _("已停用")
