"""The forms of an import: the file, how to read it, and of which day it is."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fengqiao.exchange.mapping import available, title_of
from fengqiao.exchange.unpacking import LEDGERS
from fengqiao.files.domain.storing import too_large
from fengqiao.web.kit.forms import Day


class CheckForm(forms.Form):
    """How the file is read, and of which day it is."""

    mapping = forms.ChoiceField(label=gettext_lazy("表格种类"), required=False)
    as_of = forms.DateField(
        label=gettext_lazy("台账日期"),
        required=False,
        widget=Day(),
        help_text=gettext_lazy(
            "台账没有办结日期时要填：台账截止到哪一天。已化解的行按这一天记，并在结果里写明。"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["mapping"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [("", _("按列名辨认")), *((name, title_of(name)) for name in available())]

    def values(self) -> tuple[str, date | None]:
        """(name of the mapping or nothing, the day)."""
        return self.cleaned_data["mapping"], self.cleaned_data["as_of"]


class UploadForm(CheckForm):
    """The same with the file itself."""

    file = forms.FileField(
        label=gettext_lazy("台账文件"),
        allow_empty_file=True,
        help_text=gettext_lazy("xlsx、xls 或 csv，最多 300,000 行。先检查，确认之前不登记任何一行。"),
        error_messages={"required": gettext_lazy("请选择台账文件。")},
    )
    field_order = ("file", "mapping", "as_of")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = settings.ATTACHMENT_MAX_BYTES
        self.fields["file"].widget.attrs |= {
            "accept": ",".join(f".{ending}" for ending in LEDGERS),
            "data-max-bytes": most,
            "data-too-large": lazy(lambda: _("超过 %(most)d MB") % {"most": most >> 20}, str)(),
        }

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > settings.ATTACHMENT_MAX_BYTES:
            raise forms.ValidationError(str(too_large(file.name or "")))
        return file
