from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Result(TextChoices):
    DONE = "done", _("已办")
    REFUSED = "refused", _("被拒")
