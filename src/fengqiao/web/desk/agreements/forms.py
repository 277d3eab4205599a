from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.agreements.domain.performing import Performed
from fengqiao.agreements.domain.writing import NO
from fengqiao.agreements.enums import Mark, Signer, TermKind, Way
from fengqiao.agreements.models import Agreement, Term
from fengqiao.agreements.sketches import KEY, Typed
from fengqiao.agreements.terms import MOST, NewTerm
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.matters.enums import PartyRole
from fengqiao.matters.models import Party
from fengqiao.rules.queries.agreements import questions_on
from fengqiao.rules.queries.words import in_readers_language
from fengqiao.web.kit.forms import Day, OneFile, show_refusal, uploads_of, written
from fengqiao.web.templatetags.kit import money

Choices = list[tuple[str, Any]]

# As many characters as these rooms keep.
sentences = partial(written, most=5_000)


def offered(parties: Sequence[Party]) -> Choices:
    """The parties to choose from, by name."""
    return [(str(each.pk), each.name or _("（匿名）")) for each in parties]


class WordsForm(forms.Form):
    facts = sentences(_("主要事实"), _("发生了什么，写到对方也认可的程度。"), rows=4)
    issues = sentences(_("争议事项"))
    responsibility = sentences(_("各方责任"), required=False, rows=2)


class OralForm(WordsForm):
    on = forms.DateField(label=_("达成协议的日期"), widget=Day())


class TermForm(forms.Form):
    # By which the same term is known while others come and go.
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=KEY)
    kind = forms.ChoiceField(label=pgettext_lazy("约定", "约定"), choices=TermKind.choices)
    debtor = forms.ChoiceField(label=pgettext_lazy("约定", "谁来做"))
    creditor = forms.ChoiceField(label=pgettext_lazy("约定", "给谁"), required=False)
    amount = forms.DecimalField(
        label=_("金额（元）"),
        required=False,
        max_digits=16,
        decimal_places=2,
        localize=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )
    due = forms.DateField(label=pgettext_lazy("约定", "到哪一天"), required=False, widget=Day())
    what = forms.CharField(label=pgettext_lazy("约定", "做什么"), required=False)
    how = forms.CharField(label=pgettext_lazy("约定", "怎样做、在哪里"), required=False, max_length=200)

    def __init__(self, *args: Any, parties: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["debtor"].choices = parties  # type: ignore[attr-defined]
        self.fields["creditor"].choices = [("", "——"), *parties]  # type: ignore[attr-defined]

    def term(self) -> NewTerm:
        """What the valid row says."""
        data = self.cleaned_data
        kind = TermKind(data["kind"])
        return NewTerm(
            kind=kind,
            debtor=UUID(data["debtor"]),
            creditor=UUID(data["creditor"]) if data["creditor"] else None,
            what=data["what"],
            # The field is hidden for what is no payment.
            amount=data["amount"] if kind == TermKind.PAY else None,
            due=data["due"],
            how=data["how"],
        )


Terms = formset_factory(TermForm, extra=0, can_delete=True, max_num=MOST)


class AgreementForms:
    """The words and the rows of terms: what was typed, whether it can be read, and what it says."""

    def __init__(
        self,
        way: Way,
        parties: Sequence[Party],
        data: Any = None,
        *,
        words: dict[str, Any] | None = None,
        typed: Typed | None = None,
    ) -> None:
        choices = {"parties": offered(parties)}
        self.words = (OralForm if way == Way.ORAL else WordsForm)(data, initial=words)
        if data is None:
            initial = [_row(typed, key) for key in typed.order] if typed else []
            self.terms = Terms(prefix="terms", initial=initial or [_first_row(parties)], form_kwargs=choices)
        else:
            self.terms = Terms(data, prefix="terms", form_kwargs=choices)

    def is_valid(self) -> bool:
        # Both are asked, so that every wrong field is shown at once.
        return all([self.words.is_valid(), self.terms.is_valid()])

    def values(self) -> dict[str, Any]:
        """What the domain takes."""
        return self.words.cleaned_data | {"terms": tuple(row.term() for row in self._kept())}

    def show(self, refusal: Refusal) -> None:
        """Each sentence beside its field: ``terms.0.amount`` belongs to the first row that was kept."""
        if not isinstance(refusal, Invalid):
            show_refusal(self.words, refusal)
            return
        kept = self._kept()
        for key, sentence in refusal.errors.items():
            place, _dot, name = key.removeprefix("terms.").partition(".")
            if key.startswith("terms.") and place.isdigit() and int(place) < len(kept):
                row = kept[int(place)]
                row.add_error(name if name in row.fields else None, str(sentence))
            else:
                self.words.add_error(key if key in self.words.fields else None, str(sentence))

    def _kept(self) -> list[TermForm]:
        return [row for row in self.terms.forms if row not in self.terms.deleted_forms]


class CheckForm(forms.Form):
    """The questions of the table; each is answered with no, or with how it stands."""

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = questions_on(clock.today())
        for each in self.asked:
            before = agreement.answers.get(each.id, "")
            self.fields[each.id] = forms.ChoiceField(
                label=in_readers_language(each.question),
                help_text=in_readers_language(each.basis),
                choices=[(NO, _("没有问题")), ("yes", _("涉及，已说明"))],
                widget=forms.RadioSelect,
                initial="yes" if before and before != NO else before,
            )
            self.fields[f"{each.id}_said"] = forms.CharField(
                label=_("怎样说明的"), required=False, initial="" if before == NO else before, max_length=500
            )

    @property
    def when(self) -> dict[str, str]:
        return {f"{each.id}_said": f"{each.id}=yes" for each in self.asked}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for each in self.asked:
            if data.get(each.id) == "yes" and not data.get(f"{each.id}_said", "").strip():
                self.add_error(f"{each.id}_said", _("请写明怎样说明的。"))
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        said = {each.id: NO if data[each.id] == NO else data[f"{each.id}_said"] for each in self.asked}
        return {"answers": said}


class SignForm(forms.Form):
    who = forms.ChoiceField(label=pgettext_lazy("签署", "谁签的"), widget=forms.RadioSelect)
    parties = forms.TypedMultipleChoiceField(
        label=_("哪几位当事人"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    agent = forms.ChoiceField(label=_("由代理人签的"), required=False)
    name = forms.CharField(label=_("调解员姓名或调解组织名称"), required=False, max_length=100)
    mark = forms.ChoiceField(label=pgettext_lazy("签署", "怎样签的"), choices=Mark.choices)
    on = forms.DateField(label=_("签署日期"), widget=Day())
    when = {"parties": "who=party", "agent": "who=party", "name": "who=mediator|organisation"}

    def __init__(
        self,
        *args: Any,
        lacking: Sequence[tuple[Signer, Party | None]],
        name: str = "",
        organisation: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        parties = [party for _signer, party in lacking if party is not None]
        agents = [agent for party in parties for agent in party.agents.all()]
        signers = list(dict.fromkeys(signer for signer, _party in lacking))
        self.fields["who"].choices = [(each.value, each.label) for each in signers]  # type: ignore[attr-defined]
        self.fields["parties"].choices = offered(parties)  # type: ignore[attr-defined]
        if agents:
            self.fields["agent"].choices = [("", _("本人签的")), *offered(agents)]  # type: ignore[attr-defined]
        else:
            del self.fields["agent"]
        if signers:
            self.initial.setdefault("who", signers[0].value)
            if signers[0] == Signer.ORGANISATION:
                self.initial.setdefault("mark", Mark.SEAL)
                self.initial.setdefault("name", organisation)
            elif signers[0] == Signer.MEDIATOR:
                self.initial.setdefault("name", name)
        self.initial.setdefault("on", clock.today())
        if len(parties) == 1:
            self.initial.setdefault("parties", [str(parties[0].pk)])

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        signer = Signer(data["who"])
        values: dict[str, Any] = {"signer": signer, "mark": Mark(data["mark"]), "on": data["on"]}
        if signer != Signer.PARTY:
            return values | {"name": data["name"]}
        agent = UUID(data["agent"]) if data.get("agent") else None
        return values | {"parties": data["parties"], "agent": agent}


class DropForm(forms.Form):
    reason = sentences(_("为什么没有签成"), _("协议留在卷里，调解继续；可以重新拟写。"), rows=2)

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class TermNoteForm(forms.Form):
    on = forms.DateField(label=pgettext_lazy("履行", "日期"), widget=Day())
    text = sentences(_("怎样进行的"), rows=2)


class ProvedForm(TermNoteForm):
    """What was performed, with what shows it."""

    materials = OneFile(label=_("凭证"), help_text=_("转账截图、收条的照片；会作为材料放进事项和卷宗。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("怎样履行的、有什么凭证")

    def values(self) -> dict[str, Any]:
        """What the flow takes."""
        values = dict(self.cleaned_data)
        del values["materials"]
        return values | {"uploads": uploads_of(self)}


class PerformForm(ProvedForm):
    amount = forms.DecimalField(label=_("付了多少（元）"), required=False, max_digits=16, decimal_places=2)
    field_order = ("on", "amount", "text")

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if term.amount is None:
            del self.fields["amount"]
        else:
            self.initial.setdefault("amount", term.amount - term.paid)


class PerformSeveralForm(ProvedForm):
    terms = forms.TypedMultipleChoiceField(
        label=_("履行了哪几项"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("选中的每一项都全部履行；只付了一部分的，请单独记录。"),
        error_messages={"required": _("请选择履行了哪几项。")},
    )
    field_order = ("terms", "on", "text", "materials")

    def __init__(self, *args: Any, owed: Sequence[Term], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["terms"].choices = [(str(each.pk), _to_perform(each)) for each in owed]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        values = super().values()
        return values | {"terms": [Performed(each) for each in values["terms"]]}


def _to_perform(term: Term) -> str:
    """Short, for a long list: the paper's own sentence stands on the page beneath."""
    who = term.debtor.name + (f" → {term.creditor.name}" if term.creditor else "")
    if term.amount is None:
        what = term.what
    elif term.paid:
        what = _("还欠 %(left)s 元") % {"left": money(term.amount - term.paid)}
    else:
        what = f"¥ {money(term.amount)}"
    return " · ".join(
        each for each in (f"{term.place}. {who}", what, term.due.isoformat() if term.due else "") if each
    )


def _row(typed: Typed, key: str) -> dict[str, Any]:
    row = typed.row(key)
    return row | {"key": key, "DELETE": bool(row["gone"])}


def _first_row(parties: Sequence[Party]) -> dict[str, Any]:
    """Mostly the other side pays whoever came."""
    first = {each.role: str(each.pk) for each in reversed(parties)}
    return {
        "key": "1",
        "creditor": first.get(PartyRole.PETITIONER, ""),
        "debtor": first.get(PartyRole.RESPONDENT, ""),
    }
