from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from fengqiao.agreements.queries.agreements import parties_to_sign
from fengqiao.confirmation.domain.preparing import NO
from fengqiao.confirmation.enums import CaseKind, CourtAction, CourtLevel
from fengqiao.confirmation.models import CourtCase
from fengqiao.confirmation.queries.contacts import contacts_of
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.rules.queries.confirmation import Venue, all_refusals, bars_on
from fengqiao.rules.queries.mediation_telling import ToTell
from fengqiao.rules.queries.words import in_readers_language
from fengqiao.web.kit.forms import Day, written

Choices = list[tuple[str, Any]]
OUTSIDE = "outside"


def day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=Day())


def with_basis(each: ToTell) -> str:
    """A row of a table with where it is written."""
    said = {"text": each.name, "basis": in_readers_language(each.basis)}
    return translated("%(text)s（%(basis)s）") % said


class CourtForm(forms.Form):
    """The court: its full name and level."""

    court = forms.CharField(label=_("法院全称"), max_length=100, help_text=_("例如：恩平市人民法院"))
    level = forms.ChoiceField(label=_("法院级别"), choices=CourtLevel.choices)


class PrepareForm(CourtForm):
    """Court and ground, what the program cannot know, and the addresses for service."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    ground = forms.ChoiceField(label=_("凭什么向这个法院申请"), widget=forms.RadioSelect)
    why = written(_("为什么向它申请"), _("所选法院不在法定管辖之内的，要写明理由。"), required=False)
    serves = forms.TypedMultipleChoiceField(
        label=_("送达地址和电话"),
        help_text=_("选中的会完整印在申请书上，并记入经过；请由当事人确认。"),
        required=False,
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("version", "court", "level", "ground", "why")

    def __init__(
        self,
        *args: Any,
        matter: Matter,
        venues: Sequence[Venue],
        case: CourtCase | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        open_ones: Choices = [(each.said.id, with_basis(each.said)) for each in venues]
        grounds: Any = self.fields["ground"]
        grounds.choices = [*open_ones, (OUTSIDE, _("不在上面的：法定管辖之外的法院"))]
        serves: Any = self.fields["serves"]
        serves.choices = [(str(pk), label) for pk, label in contacts_of(matter)]
        if not serves.choices:
            serves.help_text = _("事项里还没有联系方式：请先补充，或在申请书上手写。")
        self.initial["version"] = matter.version
        if case is not None:
            plain = ("court", "level", "why", "serves")
            self.initial.update({name: getattr(case, name) for name in plain})
            self.initial["ground"] = case.ground or OUTSIDE
        else:
            self.initial["serves"] = [value for value, _label in serves.choices]
        self.asked = bars_on(clock.today())
        for each in self.asked:
            before = case.answers.get(each.id, "") if case else ""
            self.fields[each.id] = forms.ChoiceField(
                label=each.name,
                help_text=in_readers_language(each.basis),
                choices=[(NO, _("不涉及")), ("yes", _("涉及，情况如下"))],
                widget=forms.RadioSelect,
                initial="yes" if before and before != NO else before,
            )
            self.fields[f"{each.id}_said"] = forms.CharField(
                label=_("情况"), required=False, initial="" if before == NO else before, max_length=500
            )

    @property
    def when(self) -> dict[str, str]:
        return {"why": f"ground={OUTSIDE}"} | {f"{each.id}_said": f"{each.id}=yes" for each in self.asked}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for each in self.asked:
            if data.get(each.id) == "yes" and not data.get(f"{each.id}_said", "").strip():
                self.add_error(f"{each.id}_said", translated("请写明情况。"))
        return data

    def values(self) -> dict[str, Any]:
        """What the domain takes."""
        data = self.cleaned_data
        said = {each.id: NO if data[each.id] == NO else data[f"{each.id}_said"] for each in self.asked}
        return {
            "court": data["court"],
            "level": CourtLevel(data["level"]),
            "ground": "" if data["ground"] == OUTSIDE else data["ground"],
            "why": data["why"],
            "answers": said,
            "serves": data["serves"],
            "version": data["version"],
        }


class OnADay(forms.Form):
    """What happened on a day, in words."""

    on = day(_("哪一天"))
    text = written(_("情况"))
    needs_text = True

    def __init__(self, *args: Any, matter: Matter, case: CourtCase | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = self.needs_text
        self.initial["on"] = clock.today()
        self.offer(matter, case)

    def offer(self, matter: Matter, case: CourtCase | None) -> None:
        """Fills what is to choose from."""


class WithParties(OnADay):
    applicants = forms.TypedMultipleChoiceField(
        label=_("由谁提交"), coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    needs_text = False

    def offer(self, matter: Matter, case: CourtCase | None) -> None:
        field: Any = self.fields["applicants"]
        field.choices = [(str(party.pk), party.name) for party in parties_to_sign(matter.pk)]


class FileForm(WithParties):
    applicants = forms.TypedMultipleChoiceField(
        label=_("共同提交的当事人"),
        help_text=_("本人或者其代理人；要各方共同提交（民事诉讼法第205条）。"),
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("on", "applicants", "text")


class NewCaseForm(CourtForm, WithParties):
    field_order = ("court", "level", "applicants", "on", "text")

    def offer(self, matter: Matter, case: CourtCase | None) -> None:
        super().offer(matter, case)
        if case is not None:
            # By whom it was confirmed, or a court of its level where there is something to enforce in.
            self.initial.update({"court": case.court, "level": case.level})


class DocketForm(OnADay):
    number = forms.CharField(label=_("法院案号"), max_length=80)
    needs_text = False
    field_order = ("on", "number", "text")


class AskMoreForm(OnADay):
    until = day(_("法院要求在哪一天前补充"), required=False)
    field_order = ("on", "text", "until")


class HearForm(OnADay):
    until = day(_("开庭或者询问的日期"))
    needs_text = False
    field_order = ("on", "until", "text")


class RulingForm(OnADay):
    ruling = forms.ChoiceField(
        label=_("法院文书"),
        required=False,
        help_text=_("先作为材料添加到事项，再在这里选择。"),
    )

    def offer(self, matter: Matter, case: CourtCase | None) -> None:
        files = MatterFile.objects.filter(matter_id=matter.pk)
        field: Any = self.fields["ruling"]
        field.choices = [("", "——"), *((str(file.pk), file.name) for file in files)]

    def clean_ruling(self) -> UUID | None:
        return UUID(self.cleaned_data["ruling"]) if self.cleaned_data["ruling"] else None


class ConfirmForm(RulingForm):
    needs_text = False


class RefuseForm(RulingForm):
    reason = forms.ChoiceField(label=_("法院的理由"))
    field_order = ("on", "reason", "text", "ruling")

    def offer(self, matter: Matter, case: CourtCase | None) -> None:
        super().offer(matter, case)
        if case is None or case.kind != CaseKind.CONFIRMATION:
            del self.fields["reason"]
            return
        field: Any = self.fields["reason"]
        field.choices = [(each.id, with_basis(each)) for each in all_refusals().values()]
        if case.late:
            self.initial["reason"] = "late"


FORMS: dict[CourtAction, type[OnADay]] = {
    CourtAction.FILE: FileForm,
    CourtAction.DROP: OnADay,
    CourtAction.DOCKET: DocketForm,
    CourtAction.ASK_MORE: AskMoreForm,
    CourtAction.SUPPLY: OnADay,
    CourtAction.HEAR: HearForm,
    CourtAction.WITHDRAW: OnADay,
    CourtAction.CONFIRM: ConfirmForm,
    CourtAction.REFUSE: RefuseForm,
    CourtAction.JUDGE: RulingForm,
    CourtAction.SETTLE: RulingForm,
    CourtAction.FULFIL: OnADay,
    CourtAction.END_ENFORCING: OnADay,
    CourtAction.ENFORCE: NewCaseForm,
    CourtAction.SUE: NewCaseForm,
}
