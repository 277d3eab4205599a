"""The forms of signed scans: handing a stack in, and saying where a page belongs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from fengqiao.dossier.domain.filing import MOST_PAGES
from fengqiao.dossier.domain.settling import Target
from fengqiao.dossier.paper import Paper
from fengqiao.dossier.queries.signed_copies import SignedCopy, key_of
from fengqiao.matters.models import Matter
from fengqiao.web.kit.forms import ManyFiles, ManyFilesInput


class StackForm(forms.Form):
    """The files of a stack."""

    scans = ManyFiles(
        label=gettext_lazy("扫描件"),
        required=True,
        widget=ManyFilesInput(
            attrs={
                "accept": ".pdf,.jpg,.jpeg,.png",
                "data-max-bytes": settings.ATTACHMENT_MAX_BYTES,
                "data-too-large": lazy(
                    lambda: _("超过 %(most)d MB") % {"most": settings.ATTACHMENT_MAX_BYTES >> 20}, str
                )(),
            }
        ),
        help_text=gettext_lazy("PDF、JPG 或 PNG，可以多选；顺序、方向不限，最多三百页。"),
    )


class PlaceForm(forms.Form):
    """Which paper of the matter, and which page of it."""

    paper = forms.ChoiceField(label=pgettext_lazy("一份", "文书"))
    page = forms.IntegerField(label=gettext_lazy("第几页"), min_value=1, max_value=MOST_PAGES)
    pages = forms.IntegerField(
        label=gettext_lazy("共几页"),
        min_value=1,
        max_value=MOST_PAGES,
        required=False,
        help_text=gettext_lazy("不填就按现在文书的页数。"),
    )
    replaces = forms.BooleanField(label=gettext_lazy("这一页已有签字件的，换成这一张"), required=False)

    def __init__(
        self, *args: Any, matter: Matter, papers: list[Paper], copies: dict[Any, SignedCopy], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.matter = matter
        field = self.fields["paper"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [
            ("", "—"),
            *(
                (f"{paper.kind}/{paper.reference}", _named(paper, copies.get(key_of(paper))))
                for paper in papers
            ),
        ]

    def target(self) -> Target:
        """The values of a valid form."""
        kind, reference = self.cleaned_data["paper"].split("/")
        return Target(
            self.matter.pk,
            kind,
            UUID(reference),
            page=self.cleaned_data["page"],
            pages=self.cleaned_data["pages"] or 0,
        )


def _named(paper: Paper, copy: SignedCopy | None) -> str:
    """The paper's title, and what its signed copy lacks."""
    addressed = f"（{paper.addressee}）" if paper.kind in ("dispatch", "return") else ""
    name = paper.title + addressed
    if copy is None:
        return name
    if copy.is_complete:
        return _("%(name)s · 已有签字件") % {"name": name}
    missing = "、".join(map(str, copy.missing))
    return _("%(name)s · 缺第 %(pages)s 页") % {"name": name, "pages": missing}
