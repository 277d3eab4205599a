from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django's rule; its sentence has no Chinese translation."""

    def get_error_message(self) -> str:
        return _("密码太短了，至少要 %(least)d 个字符。") % {"least": self.min_length}

    def get_help_text(self) -> str:
        return _("密码至少要 %(least)d 个字符。") % {"least": self.min_length}
