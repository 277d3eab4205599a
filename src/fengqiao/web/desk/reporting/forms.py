from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.reporting.enums import ReportReceiver
from fengqiao.web.kit.forms import written


class LaterForm(forms.Form):
    situation = written(_("情况"), _("发生了什么、在哪里、有多急、现在怎样。"))
    measures = written(_("已采取的措施"), rows=3)
    request = written(_("请求事项"), _("需要上级做什么；没有可以不填。"), required=False, rows=2)


class WriteForm(LaterForm):
    receivers = forms.MultipleChoiceField(
        label=_("报给"),
        choices=ReportReceiver.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("按规则已选好；收报的人从现在起看得到这件事项，到终报为止。"),
    )
    field_order = ("receivers", "situation", "measures", "request")


class DeclineForm(forms.Form):
    reason = written(_("为什么不直报"), _("规则认为应当直报；您的理由会记入经过，按行计数。"))
