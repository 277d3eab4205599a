"""What is at stake in a matter, as it is asked at the window, with a correction, a danger and an assessment."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.matters.intake import STAKES
from fengqiao.matters.models import Matter
from fengqiao.web.kit.forms import Day

# Nobody asked, nobody knows: that is no "no".
ANSWERS = [("", _("不清楚")), ("yes", _("是")), ("no", _("否"))]


def _answer(label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        required=False,
        choices=ANSWERS,
        coerce=lambda said: said == "yes",
        empty_value=None,
    )


class Stakes(forms.Form):
    """Four questions about the matter. What is left open stays unknown."""

    harm_on = forms.DateField(
        label=_("最早哪天可能造成损害"),
        required=False,
        widget=Day(),
        help_text=_("例如约好聚集、断水断电、强行施工的那一天。不清楚就空着。"),
    )
    public_place = _answer(_("发生在公共场所"), _("学校、医院、车站、广场、市场等人多的地方。"))
    needs_care = _answer(_("牵涉需要特别保护的人"), _("例如事情关系到儿童的安置、老人的赡养。"))
    care = forms.CharField(
        label=_("要特别留意什么"),
        required=False,
        max_length=200,
        help_text=_("写这件事要注意的，不写姓名。"),
    )
    stakes_when: ClassVar[dict[str, str]] = {"care": "needs_care=yes"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        # A hidden field still sends what was typed before the answer was changed.
        if not data.get("needs_care"):
            data["care"] = ""
        return data

    @staticmethod
    def as_they_stand(matter: Matter) -> dict[str, Any]:
        """What a form shows of a matter."""
        words = {True: "yes", False: "no", None: ""}
        return {
            "harm_on": matter.harm_on,
            "public_place": words[matter.public_place],
            "needs_care": words[matter.needs_care],
            "care": matter.care,
        }

    def stakes(self) -> dict[str, Any]:
        """The answers as the domain takes them, from a valid form."""
        return {name: self.cleaned_data[name] for name in STAKES}
