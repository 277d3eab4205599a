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
