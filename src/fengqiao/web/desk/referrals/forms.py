from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.matters.enums import Danger
from fengqiao.matters.models import Matter, MatterFile, Party
from fengqiao.mediation.enums import ConsentMethod
from fengqiao.places.models import Department
from fengqiao.places.queries.bodies import takes_work
from fengqiao.places.queries.divisions import lies_in
from fengqiao.referrals.domain.sending import NEEDED, NewReferral, needed_words
from fengqiao.referrals.enums import Outcome, ReferralAction
from fengqiao.referrals.models import Referral
from fengqiao.referrals.policies import DANGER
from fengqiao.rules.queries.referral_kinds import ReferralKind, all_kinds
from fengqiao.web.kit.choices import NOTHING
from fengqiao.web.kit.forms import MOMENT_FORMATS, Day, ManyFiles, Moment, uploads_of, written

# As many characters as these rooms keep.
sentences = partial(written, most=5_000)


def line(label: Any, help_text: Any = "", *, most: int = 100, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, help_text=help_text, required=required)


def moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=Moment(),
        input_formats=MOMENT_FORMATS,
        required=False,
        help_text=_("空着就是现在。"),
    )


class NewForm(forms.Form):
    """What a kind asks for; what it does not ask for is not in the form."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    danger = forms.ChoiceField(
        label=_("哪一种危险"),
        choices=[each for each in Danger.choices if each[0] != Danger.NONE],
        widget=forms.RadioSelect,
    )
    urgent = forms.BooleanField(label=_("紧急：请立即处理"), required=False)
    office = line(_("哪个机关或者单位"), most=200, required=True)
    department = forms.ChoiceField(
        label=_("由平台上的部门答复"),
        required=False,
        help_text=_(
            "选了部门，由它自己接收、答复；它只看到这一项转介和随附的材料。不选的，由本中心记下对方的答复。"
        ),
    )
    party = forms.ChoiceField(label=_("谁的需要"), required=False)
    consent_on = forms.DateField(label=_("本人同意的日期"), widget=Day(), required=False)
    consent_method = forms.ChoiceField(
        label=_("怎样同意的"), choices=[NOTHING, *ConsentMethod.choices], required=False
    )
    asked = sentences(_("请对方办什么"))
    number = line(_("对方的编号"))
    signed_by = line(_("签收人"))
    agreed_by = line(_("由谁同意委托"), _("例如：双方当事人、患方和医方。"), most=200)
    paid_by = line(_("费用由谁付"), most=200)
    at = moment(_("时间"))
    answer_by = forms.DateField(
        label=_("商定答复的日期"),
        widget=Day(),
        required=False,
        help_text=_("双方商定的，不是法定期限；过了这一天会提示。"),
    )
    papers = forms.TypedMultipleChoiceField(
        label=_("随附已有的材料"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    materials = ManyFiles(label=_("随附新的材料"), help_text=_("只附对方办这件事需要的；会成为事项的材料。"))

    def __init__(self, kind: ReferralKind, matter: Matter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["version"].initial = matter.version
        self._drop(matter)
        if "party" in self.fields:
            people = Party.objects.filter(matter_id=matter.pk, agent_of=None)
            named = [(str(each.pk), each.name or _("（匿名）")) for each in people]
            self.fields["party"].choices = [NOTHING, *named]  # type: ignore[attr-defined]
        if "department" in self.fields:
            found = Department.objects.filter(
                takes_work(clock.today()), lies_in(matter.county, "division_id")
            )
            bodies = [(str(each.pk), each.name) for each in found.order_by("division_id", "kind", "name")]
            self.fields["department"].choices = [NOTHING, *bodies]  # type: ignore[attr-defined]
        if not kind.is_out:
            self.fields["papers"].label = _("随案移交来的材料：已登记的")
            self.fields["materials"].label = _("随案移交来的材料")
            self.fields["materials"].help_text = _("会成为事项的材料。")
        offer_papers(self, matter)
        asked = needed_words(kind) + (("party", "consent_on", "consent_method") if kind.consent else ())
        for name in asked:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = NEEDED[name]
        if kind.consent:
            self.fields["asked"].help_text = _("只写对方要办这件事必须知道的；不写病情、不写评价。")
        if kind.tells == DANGER:
            self.fields["asked"].label = _("看到或者听到了什么")
            self.fields["at"].label = _("报告的时间")
            if matter.danger != Danger.NONE:
                self.fields["danger"].initial = matter.danger
        if kind.at_once:
            self.fields["asked"].label = _("法院的要求")
            self.fields["number"].label = _("法院的案号或者委派、委托书编号")
            self.fields["at"].label = _("签收材料的时间")

    def _drop(self, matter: Matter) -> None:
        kind = self.kind
        needless = {
            "danger": kind.tells != DANGER,
            "urgent": kind.tells != DANGER,
            "department": not kind.is_out,
            "party": not kind.consent,
            "consent_on": not kind.consent,
            "consent_method": not kind.consent,
            "number": kind.is_out,
            "signed_by": not kind.at_once,
            "agreed_by": not kind.pauses,
            "paid_by": not kind.pauses,
            "answer_by": kind.at_once or kind.tells == DANGER,
        }
        for name, is_needless in needless.items():
            if is_needless:
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """What the domain takes."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        version = said.pop("version", None)
        said["papers"] = tuple(said.get("papers", ()))
        said.pop("materials", None)
        for name in ("department", "party"):
            if name in said:
                said[f"{name}_id"] = UUID(said.pop(name))
        return {
            "new": NewReferral(**({"kind": self.kind.id, "asked": "", "office": ""} | said)),
            "version": version,
            "uploads": uploads_of(self),
        }


def offer_papers(form: forms.Form, matter: Matter, *, but: Any = ()) -> None:
    """The materials that the matter has, to go along, ``but`` what went along; nothing to choose where it has none."""
    found = MatterFile.objects.filter(matter_id=matter.pk).exclude(pk__in=but)
    offered = [(str(each.pk), each.name) for each in found]
    if offered:
        form.fields["papers"].choices = offered  # type: ignore[attr-defined]
    else:
        del form.fields["papers"]


class ActForm(forms.Form):
    """What can be said to one referral, by the action."""

    def __init__(
        self, actor: Actor, referral: Referral, action: ReferralAction, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kind = all_kinds()[referral.kind]
        fields: dict[str, forms.Field] = {
            "version": forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=referral.matter.version
            )
        }
        if action == ReferralAction.ACCEPT:
            who = _("对方由谁接收") if kind.is_out else _("本中心由谁接收")
            fields["contact"] = line(who, required=True)
            label = _("回执编号（接警编号、登记号）") if kind.tells == DANGER else _("对方的编号")
            fields["number"] = line(label, required=kind.tells == DANGER)
        elif action == ReferralAction.GIVE_BACK:
            offered = [(each, Outcome(each).label) for each in kind.outcomes]
            fields["outcome"] = forms.ChoiceField(
                label=pgettext_lazy("转介", "结果"), choices=offered, widget=forms.RadioSelect
            )
            fields["result"] = sentences(_("结果的内容"))
            if not kind.is_out:
                fields["received_by"] = line(_("对方由谁接收"), required=True)
        elif action == ReferralAction.SUPPLY:
            fields["papers"] = forms.TypedMultipleChoiceField(
                label=_("已有的材料"), required=False, coerce=UUID, widget=forms.CheckboxSelectMultiple
            )
            fields["materials"] = ManyFiles(
                label=_("新的材料"), help_text=_("只附对方办这件事需要的；会成为事项的材料。")
            )
        elif action == ReferralAction.REMIND:
            fields["text"] = sentences(_("怎样催问的，对方怎么说"))
        else:
            fields["reason"] = sentences(_("原因"))
        if action not in (ReferralAction.REMIND, ReferralAction.SUPPLY):
            fields["at"] = moment(_("时间"))
        papers = self._papers(actor, referral) if action in WITH_PAPER else []
        if papers:
            fields["paper"] = forms.ChoiceField(
                label=_("对方的文书"),
                choices=[NOTHING, *papers],
                required=False,
                help_text=_("先在事项页添加材料，再在这里选。"),
            )
        self.fields.update(fields)
        if action == ReferralAction.SUPPLY:
            offer_papers(self, referral.matter, but=referral.papers.values("file_id"))

    def _papers(self, actor: Actor, referral: Referral) -> list[tuple[str, str]]:
        """The matter's materials; an office that sees the referral alone is not shown them."""
        if actor.centre_id is None:
            return []
        found = MatterFile.objects.filter(matter_id=referral.matter_id)
        return [(str(each.pk), each.name) for each in found]

    def values(self) -> dict[str, Any]:
        """What the domain takes."""
        said = dict(self.cleaned_data)
        if "materials" in said:
            del said["materials"]
            return said | {"papers": tuple(said.get("papers", ())), "uploads": uploads_of(self)}
        paper = said.pop("paper", "")
        return said | ({"paper_id": UUID(paper)} if paper else {})


WITH_PAPER = (ReferralAction.ACCEPT, ReferralAction.REFUSE, ReferralAction.GIVE_BACK)
