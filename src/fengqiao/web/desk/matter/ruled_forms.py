"""Forms of the actions for which a decision table proposes the choice."""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from fengqiao.dispatch.domain.dispatching import Assisting
from fengqiao.dispatch.enums import Responsibility
from fengqiao.dispatch.queries.proposed import ProposedDepartments
from fengqiao.matters import enums
from fengqiao.matters.enums import Action
from fengqiao.matters.intake import STAKES
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.ruled import Proposal, asked
from fengqiao.rules.enums import TableKind
from fengqiao.rules.queries.words import in_readers_language
from fengqiao.web.desk.matter.forms import ActionForm, long_text
from fengqiao.web.desk.matter.stakes_form import Stakes
from fengqiao.web.kit import choices
from fengqiao.web.kit.forms import Day


class Assess(Stakes, ActionForm):
    # Of the row that stood on the page: other answers may be for another row, and the officer sees it first.
    asked_row = forms.CharField(required=False, widget=forms.HiddenInput)
    level = forms.ChoiceField(label=_("风险"), choices=enums.Risk.choices, widget=forms.RadioSelect)
    grounds = long_text(_("研判依据（只评事，不评人）"), rows=4)
    tier = forms.ChoiceField(
        label=_("由哪一级办"), choices=enums.Tier.choices, widget=forms.RadioSelect, required=False
    )
    tier_reason = long_text(_("为什么与规则表建议的一级不同"), required=False, rows=2)
    field_order = ("version", "asked_row", "harm_on", "public_place", "needs_care", "care")
    shown_when: ClassVar[dict[str, str]] = Stakes.stakes_when

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        kwargs["initial"] = Stakes.as_they_stand(matter) | kwargs.get("initial", {})
        super().__init__(*args, matter=matter, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Where the answers lead to another row than the one shown, and another level than chosen, it is told once."""
        data = super().clean()
        said = {name: data.get(name) for name in STAKES}
        if self.errors or all(getattr(self.matter, name) == value for name, value in said.items()):
            return data
        becomes = copy(self.matter)
        for name, value in said.items():
            setattr(becomes, name, value)
        found = asked(self.actor, TableKind.RISK, becomes)
        row = found.answer.row
        if row is None or row.id == data["asked_row"] or found.chosen == data["level"]:
            return data
        sentence = _("按上面填写的情况，规则表 %(row)s 行建议%(level)s：%(reason)s。请看过再提交一次。")
        shown = {"row": row.id, "level": found.label, "reason": in_readers_language(row.reason)}
        self.add_error("level", sentence % shown)
        self.data = (
            {**self.data.dict(), "asked_row": row.id} if isinstance(self.data, QueryDict) else self.data
        )
        return data

    def propose(self, found: Proposal) -> None:
        """Preselects the tier that the table proposes; why is asked where another one is chosen."""
        if not found.chosen:
            del self.fields["tier_reason"]
            return
        self.initial["tier"] = found.chosen
        others = [value for value in enums.Tier.values if value != found.chosen]
        self.when |= {"tier_reason": f"tier={'|'.join(others)}"}

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        plain = {name: data[name] for name in ("grounds", "tier", "tier_reason") if name in data}
        return plain | {"level": enums.Risk(data["level"]), "stakes": self.stakes()}


class Route(ActionForm):
    track = forms.ChoiceField(label=_("分到哪一类"), choices=enums.Track.choices, widget=forms.RadioSelect)
    reason = long_text(_("理由"), rows=2)

    def values(self) -> dict[str, Any]:
        return super().values() | {"track": enums.Track(self.cleaned_data["track"])}


# Where the departments that a rule names beside the lead are put, in their order.
ASSISTING_OF = (
    Responsibility.INDUSTRY.value,
    Responsibility.TERRITORY.value,
    Responsibility.POLITICAL_LEGAL.value,
)


class Dispatch(ActionForm):
    lead = forms.ChoiceField(label=_("主办"))
    reason = long_text(_("为什么不交给规则表建议的部门"), required=False, rows=2)
    lead_responsibility = forms.ChoiceField(label=_("主办承担"), choices=Responsibility.choices)
    territory = forms.ChoiceField(label=_("协办 · 属地责任"), required=False)
    industry = forms.ChoiceField(label=_("协办 · 行业主管责任"), required=False)
    political_legal = forms.ChoiceField(label=_("协办 · 政法责任"), required=False)
    message = long_text(_("交办要求"))
    reply_by = forms.DateField(label=_("答复期限"), required=False, widget=Day())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = choices.department_choices(self.actor, but=[self.matter.against_department_id])
        self.leads = [each for _group, found in offered if isinstance(found, list) for each in found]
        for name in ("lead", *Responsibility.values):
            self.offer(name, offered)
        self.fields["lead_responsibility"].initial = Responsibility.INDUSTRY

    def propose(self, found: ProposedDepartments) -> None:
        """Preselects what the table of tracks proposes; why is asked where another department is to lead."""
        if found.lead is None:
            del self.fields["reason"]
            return
        offered = dict(self.leads)
        if str(found.lead.pk) not in offered:
            return
        self.initial["lead"] = str(found.lead.pk)
        others = [value for value in offered if value != str(found.lead.pk)]
        # Another body of the same kind follows the table too: the domain asks for no reason then.
        self.when |= {"reason": f"lead={'|'.join(others)}"}
        for name, each in zip(ASSISTING_OF, found.departments[1:], strict=False):
            self.initial[name] = str(each.pk)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "lead": UUID(data["lead"]),
            "lead_responsibility": Responsibility(data["lead_responsibility"]),
            "assisting": [Assisting(UUID(data[r]), r) for r in Responsibility if data[r]],
            "message": data["message"],
            "reply_by": data["reply_by"],
            "reason": data.get("reason", ""),
        }


FORMS: dict[Action, type[ActionForm]] = {
    Action.ASSESS: Assess,
    Action.ROUTE: Route,
    Action.DISPATCH: Dispatch,
}
