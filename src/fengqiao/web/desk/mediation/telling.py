"""That the parties were told what mediation is, written down from the matter's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fengqiao.accounts.scope import scope
from fengqiao.flows import mediating as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.mediation.enums import ConsentMethod, MediationAction
from fengqiao.mediation.models import Consent
from fengqiao.mediation.policies import check_may_tell
from fengqiao.mediation.queries.mediations import mediations_of, to_be_told
from fengqiao.rules.queries.mediation_telling import to_tell_on
from fengqiao.web.desk.leading.dialogs import dialog
from fengqiao.web.desk.leading.forms import OfMatter
from fengqiao.web.desk.mediation.opened_from import back_to
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG, Day

# What is opened, in the audit of restricted matters.
DOOR = "mediation"


class TellForm(OfMatter):
    consents = forms.MultipleChoiceField(
        label=gettext_lazy("告知了谁"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请选择本次调解的当事人。")},
    )
    method = forms.ChoiceField(label=gettext_lazy("怎样告知"), choices=ConsentMethod.choices)
    told_on = forms.DateField(label=gettext_lazy("告知日期"), widget=Day())

    def __init__(self, matter: Matter, waiting: list[Consent], *args: Any, **more: Any) -> None:
        self.waiting = waiting
        super().__init__(matter, *args, **more)

    def offer(self, matter: Matter) -> None:
        self.fields["consents"].choices = [  # type: ignore[attr-defined]
            (str(each.pk), each.party.name) for each in self.waiting
        ]

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        values["consents"] = [UUID(each) for each in values["consents"]]
        return values


@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, code: str) -> HttpResponse:
    """Shows what the parties are told, with where it is written, and takes down who was told."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        check_may_tell(actor, matter)
        waiting = to_be_told(actor, matter, mediations_of(matter))
        started = {"told_on": clock.today(), "consents": [str(each.pk) for each in waiting]}
        form = TellForm(matter, waiting, request.POST or None, auto_id=IN_DIALOG, initial=started)

    def act(values: dict[str, Any]) -> None:
        flow.act_on_mediation(actor=actor, matter_id=matter.pk, action=MediationAction.TELL, **values)

    said = "\n".join(f"{each.name}（{each.basis}）" for each in to_tell_on(clock.today()))
    title = str(MediationAction.TELL.label)
    back = back_to(request, code, else_to="")
    return dialog(
        request, actor, matter, form=form, title=title, act=act, said=said, part="results", back=back
    )
