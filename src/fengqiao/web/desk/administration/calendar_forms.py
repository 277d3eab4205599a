"""What the county's system administrator writes of the working-day calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from fengqiao.clocks.domain.calendar import MOST_SPANS, SaidClosure, SaidNotice, SaidSpan
from fengqiao.clocks.queries.calendar import holidays_in_english
from fengqiao.kernel.errors import Invalid, Refusal
from fengqiao.kernel.working_days import DayKind
from fengqiao.web.kit.forms import Day, show_refusal

KINDS = ((DayKind.HOLIDAY.value, _("放假")), (DayKind.MAKE_UP.value, _("调休上班")))
SEEN = "seen"


class SpanForm(forms.Form):
    kind = forms.ChoiceField(label=_("放假还是上班"), choices=KINDS, initial=DayKind.HOLIDAY.value)
    name = forms.CharField(
        label=_("假日"),
        max_length=32,
        widget=forms.TextInput(attrs={"list": "holidays", "autocomplete": "off"}),
    )
    first = forms.DateField(label=_("第一天"), widget=Day())
    last = forms.DateField(
        label=_("最后一天"), widget=Day(), required=False, help_text=_("只有一天的不用填。")
    )


def _formset(extra: int) -> type[BaseFormSet[Any]]:
    return formset_factory(
        SpanForm, extra=extra, can_delete=True, max_num=MOST_SPANS, absolute_max=MOST_SPANS + 10
    )


class NoticeForm(forms.Form):
    """A year's notice; ``seen`` is the calendar's state that was read."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("通知标题"), max_length=100)
    document = forms.CharField(label=_("文号"), max_length=64)
    issued_on = forms.DateField(label=_("印发日期"), widget=Day())
    reason = forms.CharField(
        label=_("为什么改"), max_length=200, required=False, help_text=_("这一年已有放假安排时必填。")
    )


class Notice:
    """The form of a notice and the rows of its days, shown and read together."""

    def __init__(self, year: int, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        self.year = year
        given = initial or {}
        rows = given.get("spans", [])
        self.form = NoticeForm(data, initial=given)
        self.spans = _formset(0 if rows else 1)(data, prefix="spans", initial=rows)
        self.names = tuple(holidays_in_english())

    def is_valid(self) -> bool:
        """Whether every field can be read; both are asked, so that all errors are shown at once."""
        return all([self.form.is_valid(), self.spans.is_valid()])

    def to_notice(self) -> SaidNotice:
        """What a valid form says; rows without anything in them are left out."""
        data = self.form.cleaned_data
        return SaidNotice(
            year=self.year,
            title=data["title"],
            document=data["document"],
            issued_on=data["issued_on"],
            reason=data["reason"],
            spans=tuple(
                SaidSpan(DayKind(each["kind"]), each["name"], each["first"], each["last"] or each["first"])
                for each in (row.cleaned_data for row in self._kept())
            ),
        )

    def show(self, refusal: Refusal) -> None:
        """Each sentence beside its field: ``spans.2.first`` belongs to the third row that was kept."""
        rows = self._kept()
        rest: dict[str, Any] = {}
        errors = refusal.errors if isinstance(refusal, Invalid) else {"": refusal.message}
        for key, sentence in errors.items():
            part, _dot, after = key.partition(".")
            place, _dot, name = after.partition(".")
            if part == "spans" and place.isdigit():
                rows[int(place)].add_error(name, str(sentence))
            else:
                rest[key] = sentence
        if rest:
            show_refusal(self.form, Invalid(rest))

    def _kept(self) -> list[Any]:
        return [row for row in self.spans.forms if row not in self.spans.deleted_forms and row.has_changed()]


class ClosureForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("停办原因"), max_length=32)
    first = forms.DateField(label=_("第一天"), widget=Day())
    last = forms.DateField(label=_("最后一天"), widget=Day())
    document = forms.CharField(label=_("依据的文件"), max_length=64)
    issued_on = forms.DateField(label=_("印发日期"), widget=Day())
    reason = forms.CharField(label=_("为什么改"), max_length=200, required=False)

    def to_closure(self) -> SaidClosure:
        """What a valid form says."""
        return SaidClosure(**{name: value for name, value in self.cleaned_data.items() if name != SEEN})


class WithdrawForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("为什么撤下"), max_length=200)
