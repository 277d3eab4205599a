"""Parts of forms that several screens share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from fengqiao.files.domain.kinds import ALLOWED
from fengqiao.files.domain.storing import too_large
from fengqiao.flows.materials import Upload
from fengqiao.kernel.errors import Invalid, Refusal


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


# A dialog stands in a page that has a form of its own: its fields must not share their ids.
IN_DIALOG = "dialog_%s"
MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """Several files at once; what is in them the domain looks at."""

    input: type[forms.FileInput] = ManyFilesInput

    def __init__(self, **kwargs: Any) -> None:
        most = settings.ATTACHMENT_MAX_BYTES
        kwargs.setdefault(
            "widget",
            self.input(
                attrs={
                    "data-max-bytes": most,
                    # Said when the page is made: in its reader's language.
                    "data-too-large": lazy(lambda: _("超过 %(most)d MB") % {"most": most >> 20}, str)(),
                    "accept": ",".join(f".{ending}" for ending in ALLOWED),
                }
            ),
        )
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        found = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not found:
            raise forms.ValidationError(_("请选择要添加的文件。"))
        for file in found:
            if file.size > settings.ATTACHMENT_MAX_BYTES:
                raise forms.ValidationError(str(too_large(file.name)))
        # An empty file passes here, so that the domain says in its own words why it is not kept.
        return list(found)


class OneFile(ManyFiles):
    """The same for one file alone."""

    input = forms.FileInput


def uploads_of(form: forms.Form, name: str = "materials") -> list[Upload]:
    """The files of a valid form as the domain takes them."""
    return [Upload(name=file.name or "", content=file.read()) for file in form.cleaned_data.get(name) or []]


def ask_files_again(form: forms.Form, name: str = "materials") -> None:
    """Says beside a form that comes back with errors that no browser keeps the chosen files."""
    if name in form.fields and form.files.getlist(name) and not form.has_error(name):
        form.add_error(name, _("浏览器不保留选好的文件，请重新选择。"))


def show_refusal(form: forms.Form, refusal: Refusal, *, fields: Mapping[str, str] | None = None) -> None:
    """Puts what the domain refused beside the field that it belongs to, or at the head of the form."""
    errors = refusal.errors if isinstance(refusal, Invalid) else {refusal.field or "": refusal.message}
    for key, sentence in errors.items():
        name = (fields or {}).get(key, key)
        # Of one row of a list ("terms.3") beside the list.
        name = name if name in form.fields else name.partition(".")[0]
        form.add_error(name if name in form.fields else None, str(sentence))


def written(
    label: Any, help_text: Any = "", *, required: bool = True, rows: int = 3, most: int = 2_000
) -> forms.CharField:
    """A few sentences, as many characters as the domain keeps."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=most,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )
