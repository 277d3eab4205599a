"""Putting a registration right, and adding a party that was not known then."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.matters import enums
from fengqiao.matters.intake import NewParty
from fengqiao.matters.models import Matter
from fengqiao.web.desk.matter.forms import ActionForm, long_text
from fengqiao.web.desk.matter.stakes_form import Stakes
from fengqiao.web.kit import choices
from fengqiao.web.kit.forms import Day


class Amend(Stakes, ActionForm):
    title = forms.CharField(label=_("什么事"))
    account = long_text(_("经过"), required=False, rows=5)
    category = forms.ChoiceField(label=_("纠纷类型"), required=False)
    division = forms.ChoiceField(label=_("所在村居"), required=False)
    address = forms.CharField(label=_("地址"), required=False)
    happened_on = forms.DateField(label=_("发生日期"), required=False, widget=Day())
    people = forms.IntegerField(label=_("涉及人数"), required=False)
    amount = forms.DecimalField(label=_("涉及金额（元）"), required=False, max_digits=16, decimal_places=2)
    against_kind = forms.ChoiceField(label=_("反映谁"), choices=enums.AgainstKind.choices)
    against_name = forms.CharField(label=_("名称或姓名"), required=False)
    against_department = forms.ChoiceField(label=_("被反映的机关"), required=False)
    party_role = forms.ChoiceField(
        label=_("补一位当事人"), required=False, choices=[("", _("不补")), *enums.PartyRole.choices]
    )
    party_name = forms.CharField(label=_("姓名或名称"), required=False)
    party_kind = forms.ChoiceField(
        label=_("种类"),
        required=False,
        choices=[c for c in enums.PartyKind.choices if c[0] != enums.PartyKind.ANONYMOUS],
    )
    party_phone = forms.CharField(label=_("电话"), required=False)
    party_identity_kind = forms.ChoiceField(
        label=_("证件"), required=False, choices=enums.IdentityKind.choices, initial=enums.IdentityKind.NONE
    )
    party_identity = forms.CharField(label=_("证件号码"), required=False)
    reason = forms.CharField(label=_("为什么补正"), required=False)
    field_order = (
        *(
            "version",
            "title",
            "account",
            "category",
            "division",
            "address",
            "happened_on",
            "people",
            "amount",
        ),
        *("harm_on", "public_place", "needs_care", "care"),
    )
    shown_when: ClassVar[dict[str, str]] = {
        **Stakes.stakes_when,
        "party_name": "party_role=petitioner|respondent|third",
        "party_kind": "party_role=petitioner|respondent|third",
        "party_phone": "party_role=petitioner|respondent|third",
        "party_identity_kind": "party_role=petitioner|respondent|third",
        "party_identity": "party_role=petitioner|respondent|third",
        "against_name": "against_kind=person|organisation|public_body|official",
        "against_department": "against_kind=public_body|official",
    }

    def __init__(self, *args: Any, actor: Actor, matter: Matter, **kwargs: Any) -> None:
        kept = {name: getattr(matter, name) for name in self.base_fields if hasattr(matter, name)}
        kwargs["initial"] = kept | {
            **Stakes.as_they_stand(matter),
            "division": matter.division_id or "",
            "against_department": str(matter.against_department_id or ""),
        }
        super().__init__(*args, actor=actor, matter=matter, **kwargs)
        self.offer("category", choices.category_choices())
        offered = choices.division_choices(actor)
        if matter.division_id and not choices.offers(offered, matter.division_id):
            # It lies elsewhere, or has ended: it stays what it is until another is chosen.
            offered.append((matter.division_id, str(matter.division)))
        self.offer("division", offered)
        bodies = choices.department_choices(actor, independent=True, ended=True)
        self.offer("against_department", bodies)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        facts = {
            name: data[name]
            for name in data
            if name not in ("version", "reason") and not name.startswith("party_")
        }
        if facts["division"] != (self.matter.division_id or ""):
            facts["grid"] = ""
        body = facts["against_department"]
        facts["against_department"] = UUID(body) if body else None
        return {"facts": facts, "reason": data["reason"], "parties": self._parties()}

    def _parties(self) -> tuple[NewParty, ...]:
        data = self.cleaned_data
        if not data["party_role"]:
            return ()
        return (
            NewParty(
                role=enums.PartyRole(data["party_role"]),
                kind=enums.PartyKind(data["party_kind"] or enums.PartyKind.PERSON),
                name=data["party_name"],
                phones=(data["party_phone"],) if data["party_phone"] else (),
                identity_kind=enums.IdentityKind(data["party_identity_kind"] or enums.IdentityKind.NONE),
                identity=data["party_identity"],
            ),
        )
