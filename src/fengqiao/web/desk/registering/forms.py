"""The registration screen: one form and four lists of rows, and how they become a ``NewMatter``."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters import enums
from fengqiao.matters.intake import NewClaim, NewMatter, NewOutsideNumber, NewParty, NewProcedure
from fengqiao.web.desk.matter.stakes_form import Stakes
from fengqiao.web.kit import choices
from fengqiao.web.kit.forms import MOMENT_FORMATS, Day, ManyFiles, Moment, show_refusal

MOST_ROWS = 50
PRIVATE = {"data-private": "", "autocomplete": "off"}


class MatterForm(Stakes):
    token = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("什么事"), widget=forms.TextInput(attrs={"autofocus": True}))
    account = forms.CharField(label=_("经过"), required=False, widget=forms.Textarea(attrs={"rows": 5}))
    channel = forms.ChoiceField(label=_("从哪里来"), choices=enums.Channel.choices)
    received_at = forms.DateTimeField(label=_("收到时间"), widget=Moment(), input_formats=MOMENT_FORMATS)
    category = forms.ChoiceField(label=_("纠纷类型"), required=False)
    happened_on = forms.DateField(label=_("发生日期"), required=False, widget=Day())
    division = forms.ChoiceField(label=_("所在村居"), required=False)
    grid = forms.CharField(label=pgettext_lazy("一个", "网格"), required=False, widget=forms.Select)
    address = forms.CharField(label=_("地址"), required=False)
    longitude = forms.DecimalField(label=_("经度"), required=False, max_digits=9, decimal_places=6)
    latitude = forms.DecimalField(label=_("纬度"), required=False, max_digits=9, decimal_places=6)
    people = forms.IntegerField(label=_("涉及人数"), required=False)
    amount = forms.DecimalField(label=_("涉及金额（元）"), required=False, max_digits=16, decimal_places=2)
    scale = forms.ChoiceField(label=_("规模"), choices=enums.Scale.choices)
    danger = forms.ChoiceField(label=_("紧急危险"), choices=enums.Danger.choices)
    against_kind = forms.ChoiceField(
        label=_("反映谁"), choices=enums.AgainstKind.choices, initial=enums.AgainstKind.NONE
    )
    against_name = forms.CharField(label=_("名称或姓名"), required=False)
    against_department = forms.ChoiceField(label=_("被反映的机关"), required=False)
    confidential = forms.BooleanField(
        label=_("为反映人保密（限阅）"),
        required=False,
        help_text=_("只有登记人和主任能看到；被反映的单位收不到这件事项。"),
    )
    result = forms.CharField(label=_("处理结果"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    basis = forms.CharField(label=_("依据"), required=False)
    performance_due = forms.DateField(label=_("约定履行期限"), required=False, widget=Day())
    materials = ManyFiles(
        label=_("材料"), help_text=_("图片、PDF、Word、Excel、录音录像，每个不超过 50 MB。")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("category", choices.category_choices())
        self._choose("division", choices.division_choices(actor))
        self._choose("against_department", choices.department_choices(actor, independent=True))
        self.fields["grid"].widget.choices = choices.grid_choices(str(self["division"].value() or ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        against = data.get("against_kind") in (enums.AgainstKind.PUBLIC_BODY, enums.AgainstKind.OFFICIAL)
        if data.get("confidential") and against and not data.get("against_department"):
            self.add_error("against_department", _("要保密的，请选被反映的机关：选了才不会把事项交给它。"))
        return data

    def _choose(self, name: str, offered: choices.Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = offered

    @staticmethod
    def first_values() -> dict[str, Any]:
        """What stands in a form that is opened anew."""
        return {"token": uuid4(), "received_at": clock.now(), "channel": enums.Channel.VISIT}


class ClaimForm(forms.Form):
    kind = forms.ChoiceField(label=_("性质"), choices=enums.ClaimKind.choices)
    text = forms.CharField(label=pgettext_lazy("一个", "诉求"), required=False)


class PartyForm(forms.Form):
    role = forms.ChoiceField(label=_("身份"), choices=enums.PartyRole.choices)
    kind = forms.ChoiceField(label=_("种类"), choices=enums.PartyKind.choices)
    name = forms.CharField(label=_("姓名或名称"), required=False)
    identity_kind = forms.ChoiceField(
        label=_("证件"), choices=enums.IdentityKind.choices, initial=enums.IdentityKind.NONE
    )
    identity = forms.CharField(label=_("证件号码"), required=False, widget=forms.TextInput(attrs=PRIVATE))
    phone = forms.CharField(label=_("电话"), required=False, widget=forms.TextInput(attrs=PRIVATE))
    phone2 = forms.CharField(label=_("另一个电话"), required=False, widget=forms.TextInput(attrs=PRIVATE))
    address = forms.CharField(label=_("住址"), required=False, widget=forms.TextInput(attrs=PRIVATE))
    wish = forms.CharField(label=_("希望怎样解决"), required=False)
    is_representative = forms.BooleanField(label=_("推选代表"), required=False)
    agent_for = forms.TypedChoiceField(
        label=_("代理谁"), required=False, coerce=int, empty_value=None, choices=[("", _("不是代理人"))]
    )
    agent_power = forms.CharField(label=_("授权依据"), required=False)
    legal_representative = forms.CharField(label=_("法定代表人"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agent_for"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  for the type checker
        offered = [(str(n), _("第 %(n)d 位") % {"n": n}) for n in range(1, 9)]
        field.choices = [("", _("不是代理人")), *offered]

    @property
    def is_blank(self) -> bool:
        """A row in which nothing was typed: it stands there as an offer."""
        data = self.cleaned_data
        typed = ("name", "identity", "phone", "phone2", "address", "wish", "agent_power")
        return data.get("kind") != enums.PartyKind.ANONYMOUS and not any(data.get(name) for name in typed)


class ProcedureForm(forms.Form):
    kind = forms.ChoiceField(label=_("程序"), choices=enums.ProcedureKind.choices)
    stage = forms.ChoiceField(label=_("进展"), choices=enums.ProcedureStage.choices)
    number = forms.CharField(label=_("案号"), required=False)
    body = forms.CharField(label=_("机关"), required=False)


class NumberForm(forms.Form):
    system = forms.ChoiceField(label=_("系统"), choices=enums.OutsideSystem.choices)
    number = forms.CharField(label=_("编号"), max_length=80)


Claims = formset_factory(ClaimForm, extra=0, can_delete=True, max_num=MOST_ROWS)
Parties = formset_factory(PartyForm, extra=0, can_delete=True, max_num=MOST_ROWS)
Procedures = formset_factory(ProcedureForm, extra=0, can_delete=True, max_num=MOST_ROWS)
Numbers = formset_factory(NumberForm, extra=0, can_delete=True, max_num=MOST_ROWS)


class Registration:
    """The whole screen: what was typed, whether it can be read, and what it says."""

    def __init__(self, actor: Actor, data: Any = None, files: Any = None) -> None:
        if data is None:
            self.form = MatterForm(actor=actor, initial=MatterForm.first_values())
            self.claims = Claims(prefix="claims", initial=[{}])
            parties = [{"role": enums.PartyRole.PETITIONER}, {"role": enums.PartyRole.RESPONDENT}]
            self.parties = Parties(prefix="parties", initial=parties)
            self.procedures = Procedures(prefix="procedures")
            self.numbers = Numbers(prefix="numbers")
        else:
            self.form = MatterForm(data, files, actor=actor)
            self.claims = Claims(data, prefix="claims")
            self.parties = Parties(data, prefix="parties")
            self.procedures = Procedures(data, prefix="procedures")
            self.numbers = Numbers(data, prefix="numbers")
        self._rows: dict[str, list[forms.Form]] = {}

    @property
    def lists(self) -> dict[str, BaseFormSet[Any]]:
        return {
            "claims": self.claims,
            "parties": self.parties,
            "procedures": self.procedures,
            "numbers": self.numbers,
        }

    def is_valid(self) -> bool:
        # All are asked, so that every wrong field is shown at once.
        return all([self.form.is_valid(), *(each.is_valid() for each in self.lists.values())])

    def new_matter(self) -> NewMatter:
        """What the valid screen says."""
        data = self.form.cleaned_data
        self._rows = {name: self._kept(each) for name, each in self.lists.items()}
        self._rows["parties"] = [row for row in self._rows["parties"] if not row.is_blank]  # type: ignore[attr-defined]
        claims = [c.cleaned_data for c in self._rows["claims"]]
        return NewMatter(
            title=data["title"],
            received_at=data["received_at"],
            channel=enums.Channel(data["channel"]),
            account=data["account"],
            category=data["category"],
            claims=tuple(
                NewClaim(enums.ClaimKind(c["kind"]), c["text"])
                for place, c in enumerate(claims)
                if c["text"] or place == 0
            ),
            parties=tuple(self._party(row.cleaned_data) for row in self._rows["parties"]),
            procedures=tuple(_procedure(row.cleaned_data) for row in self._rows["procedures"]),
            outside_numbers=tuple(_number(row.cleaned_data) for row in self._rows["numbers"]),
            scale=enums.Scale(data["scale"]),
            people=data["people"],
            amount=data["amount"],
            happened_on=data["happened_on"],
            division=data["division"],
            grid=data["grid"],
            address=data["address"],
            longitude=data["longitude"],
            latitude=data["latitude"],
            danger=enums.Danger(data["danger"]),
            **self.form.stakes(),
            against_kind=enums.AgainstKind(data["against_kind"]),
            against_name=data["against_name"],
            against_department=UUID(data["against_department"]) if data["against_department"] else None,
            confidential=data["confidential"],
        )

    def show(self, refusal: Refusal) -> None:
        """Each sentence beside its field: ``parties.0.identity`` belongs to the first row that was kept."""
        if not isinstance(refusal, Invalid):
            show_refusal(self.form, refusal)
            return
        for key, sentence in refusal.errors.items():
            part, _dot, rest = key.partition(".")
            place, _dot, name = rest.partition(".")
            rows = self._rows.get(part, [])
            if place.isdigit() and int(place) < len(rows):
                row = rows[int(place)]
                row.add_error(name if name in row.fields else None, str(sentence))
            else:
                self.form.add_error(key if key in self.form.fields else None, str(sentence))

    def _party(self, data: dict[str, Any]) -> NewParty:
        return NewParty(
            role=enums.PartyRole(data["role"]),
            kind=enums.PartyKind(data["kind"]),
            name=data["name"],
            identity_kind=enums.IdentityKind(data["identity_kind"]),
            identity=data["identity"],
            phones=tuple(p for p in (data["phone"], data["phone2"]) if p),
            addresses=(data["address"],) if data["address"] else (),
            wish=data["wish"],
            is_representative=data["is_representative"],
            agent_for=self._place_of(data["agent_for"]),
            agent_power=data["agent_power"],
            legal_representative=data["legal_representative"],
        )

    def _place_of(self, number: int | None) -> int | None:
        """The n-th row on the screen as a place among the rows that were kept; an empty row is nobody."""
        if number is None:
            return None
        shown = [row for row in self.parties.forms if row not in self.parties.deleted_forms]
        if number > len(shown) or shown[number - 1] not in self._rows["parties"]:
            return len(shown)
        return self._rows["parties"].index(shown[number - 1])

    @staticmethod
    def _kept(rows: BaseFormSet[Any]) -> list[forms.Form]:
        return [row for row in rows.forms if row not in rows.deleted_forms]


def _procedure(data: dict[str, Any]) -> NewProcedure:
    return NewProcedure(
        kind=enums.ProcedureKind(data["kind"]),
        stage=enums.ProcedureStage(data["stage"]),
        number=data["number"],
        body=data["body"],
    )


def _number(data: dict[str, Any]) -> NewOutsideNumber:
    return NewOutsideNumber(system=enums.OutsideSystem(data["system"]), number=data["number"])
