"""How one hears of notices outside the program: mail, a messenger, which kinds, quiet hours, a daily digest."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fengqiao.accounts.scope import scope
from fengqiao.flows import notices as flow
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.notices.enums import URGENT, Kind
from fengqiao.notices.policies import check_may_be_reached
from fengqiao.notices.queries.reaching import Choices, choices_of, reaching_of
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import show_refusal

HOURS = [("", gettext_lazy("不设")), *((f"{n:02d}:00", f"{n:02d}:00") for n in range(24))]
# What somebody is needed for now is always told.
CHOOSABLE = [(kind.value, kind.label) for kind in Kind if kind not in URGENT]


class OutsideForm(forms.Form):
    mail = forms.EmailField(
        label=gettext_lazy("邮箱"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("请写工作邮箱。"),
    )
    service = forms.CharField(
        label=gettext_lazy("消息服务地址"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("要收到哪些"),
        required=False,
        choices=CHOOSABLE,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("紧急的（如吹哨）总会发送。"),
    )
    quiet_from = forms.ChoiceField(label=gettext_lazy("免打扰自"), required=False, choices=HOURS)
    quiet_until = forms.ChoiceField(
        label=gettext_lazy("免打扰至"),
        required=False,
        choices=HOURS,
        help_text=gettext_lazy("这段时间里的，到时间结束再发送；紧急的不等。"),
    )
    digest_at = forms.ChoiceField(
        label=gettext_lazy("每天汇总"),
        required=False,
        choices=HOURS,
        help_text=gettext_lazy("每天这个时间把没读的合成一条发送；不设则随到随发。"),
    )

    def choices_made(self) -> Choices:
        """The values of a valid form."""
        data = self.cleaned_data
        return Choices(
            mail=data["mail"],
            service=data["service"],
            unwanted=tuple(kind for kind, _label in CHOOSABLE if kind not in data["kinds"]),
            quiet_from=_hour(data["quiet_from"]),
            quiet_until=_hour(data["quiet_until"]),
            digest_at=_hour(data["digest_at"]),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def outside(request: HttpRequest) -> HttpResponse:
    """The choices of the acting person, for their posts in this county."""
    actor = actor_of_request(request)
    check_may_be_reached(actor)
    with scope(actor):
        row = reaching_of(actor)
        now = choices_of(row)
    form = OutsideForm(request.POST) if request.method == "POST" else OutsideForm(initial=_as_chosen(now))
    if form.is_bound and form.is_valid():
        try:
            flow.choose(actor=actor, choices=form.choices_made())
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("notices_outside")
    context = {
        "form": form,
        "has_mail": bool(settings.MAIL),
        "services": sorted(f"{name}://" for name in settings.APPRISE_SERVICES),
        "failed_at": row.failed_at if row else None,
    }
    with scope(actor):
        return render(request, "notices/outside.html", context, status=422 if form.is_bound else 200)


def _as_chosen(now: Choices) -> dict[str, Any]:
    hours = {name: getattr(now, name) for name in ("quiet_from", "quiet_until", "digest_at")}
    return {
        "mail": now.mail,
        "service": now.service,
        "kinds": [kind for kind, _label in CHOOSABLE if kind not in now.unwanted],
        **{name: at.strftime("%H:%M") if at else "" for name, at in hours.items()},
    }


def _hour(chosen: str) -> time | None:
    return time.fromisoformat(chosen) if chosen else None
