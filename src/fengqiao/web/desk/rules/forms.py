"""What authors and approvers say of a version beside its cells."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.rules.domain.drafting import LONGEST_NOTE
from fengqiao.web.kit.forms import Day


class VersionForm(forms.Form):
    """The state that the page was drawn for."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ApproveForm(VersionForm):
    effective_from = forms.DateField(
        label=_("从哪天起生效"), widget=Day(), help_text=_("不早于今天；前一版到这天的前一天为止。")
    )


class SendBackForm(VersionForm):
    remark = forms.CharField(label=_("要改什么"), max_length=LONGEST_NOTE)


class EndForm(VersionForm):
    until = forms.DateField(
        label=_("最后一天"), widget=Day(), help_text=_("之后没有新的一版时，用随程序提供的规则表。")
    )


class ReplayForm(forms.Form):
    since = forms.DateField(label=_("从哪天登记的"), widget=Day())
    until = forms.DateField(label=_("到哪天"), widget=Day())


class UploadForm(VersionForm):
    file = forms.FileField(
        label=_("表格文件"),
        allow_empty_file=True,
        help_text=_("从这里下载、改好的 xlsx。表格里有什么，草案就是什么。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("请选择改好的表格文件。")},
    )
