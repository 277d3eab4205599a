"""The short form of each action on a matter. Its fields are named as its verb in domain/ takes them."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.matters import enums
from fengqiao.matters.domain.settling import VisitReport
from fengqiao.matters.enums import Action
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.matters import by_code
from fengqiao.mediation.enums import ConsentMethod, Result
from fengqiao.places.models import Centre
from fengqiao.places.queries.bodies import takes_work
from fengqiao.pool.queries.rooms import open_at
from fengqiao.web.desk.matter.mediators import mediator_choices
from fengqiao.web.desk.matter.stakes_form import Stakes
from fengqiao.web.kit import choices
from fengqiao.web.kit.forms import Day, ManyFiles

YES_NO = [("yes", _("是")), ("no", _("否"))]


def long_text(label: Any, *, required: bool = True, rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, required=required, widget=forms.Textarea(attrs={"rows": rows}))


def seen_by_code(actor: Actor, code: str) -> Matter:
    """The matter with a typed code; raises ``ValidationError`` where there is none that the post sees."""
    found = by_code(actor, code.strip())
    if found is None:
        raise forms.ValidationError(_("没有这件事项，或您的岗位看不到它。"))
    return found


class ActionForm(forms.Form):
    """An action that needs nothing written."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # Field → "other=value": shown only while the other field has that value.
    shown_when: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, actor: Actor, matter: Matter, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("version", matter.version)
        super().__init__(*args, **kwargs)
        self.actor, self.matter = actor, matter
        self.when = dict(self.shown_when)

    def offer(self, name: str, offered: choices.Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = offered

    def values(self) -> dict[str, Any]:
        """What the verb in domain/ takes, from a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


# From so many parties on, that all agree is one tick.
FEW = 2


class Guide(ActionForm):
    body = forms.CharField(label=_("引导到哪个单位"), max_length=100)
    explanation = long_text(_("向来访人解释了什么"))


class Redirect(ActionForm):
    kind = forms.ChoiceField(label=_("法定程序"), choices=enums.ProcedureKind.choices)
    body = forms.CharField(label=_("由哪个机关办理"), max_length=100)
    explanation = long_text(_("为什么应走这个程序"))
    number = forms.CharField(label=_("案号（已有的）"), required=False, max_length=80)


class SettleOnSpot(ActionForm):
    result = long_text(_("当场处理的结果"))
    basis = forms.CharField(label=_("依据"), required=False, max_length=300)
    performance_due = forms.DateField(label=_("约定履行期限"), required=False, widget=Day())


class SendToMediation(ActionForm):
    method = forms.ChoiceField(label=_("怎样征得同意"), choices=ConsentMethod.choices)
    mediator_id = forms.ChoiceField(label=_("调解员"), required=False)
    room_id = forms.ChoiceField(label=_("在哪个品牌调解室"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("mediator_id", mediator_choices(self.matter))
        if self.actor.role == Role.MEDIATOR:
            self.initial.setdefault("mediator_id", str(self.actor.person_id))
        rooms = [(str(each.pk), each.name) for each in open_at(self.matter.holder_id, clock.today())]
        if rooms:
            self.offer("room_id", [choices.NOTHING, *rooms])
        else:
            del self.fields["room_id"]
        self.asked = list(self.matter.parties.filter(agent_of=None))
        several = len(self.asked) > FEW
        if several:
            self.fields["everybody"] = forms.BooleanField(
                label=_("%(n)d 位当事人都同意调解") % {"n": len(self.asked)}, required=False
            )
        for party in self.asked:
            label = _("%(name)s（%(role)s）同意调解吗") % {
                "name": party.name or party.get_kind_display(),
                "role": party.get_role_display(),
            }
            answers = [("", "——"), ("yes", _("同意")), ("no", _("不同意"))]
            name = f"consent_{party.pk}"
            self.fields[name] = forms.ChoiceField(label=label, choices=answers, required=not several)
            if several:
                self.when[name] = "everybody=false"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for party in self.asked:
            name = f"consent_{party.pk}"
            if data.get("everybody"):
                data[name] = "yes"
            elif not data.get(name) and not self.has_error(name):
                self.add_error(name, _("请写明同意还是不同意。"))
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "consents": {p.pk: data[f"consent_{p.pk}"] == "yes" for p in self.asked},
            "method": ConsentMethod(data["method"]),
            "mediator_id": UUID(data["mediator_id"]) if data["mediator_id"] else None,
            "room_id": UUID(data["room_id"]) if data.get("room_id") else None,
        }


class SkipMediation(ActionForm):
    refused = forms.ChoiceField(
        label=_("为什么不经调解"),
        choices=[("yes", _("有一方不同意调解")), ("no", _("不适宜调解"))],
    )
    reason = long_text(_("写明情况"))

    def values(self) -> dict[str, Any]:
        return super().values() | {"refused": self.cleaned_data["refused"] == "yes"}


class RecordMediation(ActionForm):
    shown_when: ClassVar[dict[str, str]] = {"performance_due": "result=written|oral"}
    result = forms.ChoiceField(label=_("结果"), choices=Result.choices)
    text = long_text(_("协议内容，或不成的原因和已告知的途径"), rows=5)
    performance_due = forms.DateField(label=_("约定履行期限"), required=False, widget=Day())

    def values(self) -> dict[str, Any]:
        return super().values() | {"result": Result(self.cleaned_data["result"])}


class Remark(ActionForm):
    remark = long_text(_("备注"), required=False, rows=2)


class ReturnVisit(ActionForm):
    shown_when: ClassVar[dict[str, str]] = {
        "satisfaction": "reached=yes",
        "performance": "reached=yes",
        "hidden_trouble": "reached=yes",
    }
    method = forms.ChoiceField(label=_("方式"), choices=enums.VisitMethod.choices)
    reached = forms.ChoiceField(
        label=_("联系上了吗"), choices=[("yes", _("联系上了")), ("no", _("没有联系上"))]
    )
    satisfaction = forms.ChoiceField(
        label=_("满意程度"), required=False, choices=[("", "——"), *enums.Satisfaction.choices]
    )
    performance = forms.ChoiceField(
        label=_("履行情况"),
        required=False,
        choices=[("", _("不变"))]
        + [
            c
            for c in enums.Performance.choices
            if c[0] in (enums.Performance.NONE, enums.Performance.RUNNING, enums.Performance.PERFORMED)
        ],
    )
    hidden_trouble = long_text(_("还有什么隐患"), required=False, rows=2)
    remark = long_text(_("回访记录"), required=False, rows=2)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        reached = data["reached"] == "yes"
        said = data["satisfaction"] if reached else ""
        done = data["performance"] if reached else ""
        return {
            "report": VisitReport(
                method=enums.VisitMethod(data["method"]),
                reached=reached,
                satisfaction=enums.Satisfaction(said) if said else None,
                performance=enums.Performance(done) if done else None,
                hidden_trouble=data["hidden_trouble"],
                remark=data["remark"],
            )
        }


class Evaluate(ActionForm):
    lawful = forms.ChoiceField(label=_("办理合法合规"), choices=YES_NO, widget=forms.RadioSelect)
    complete = forms.ChoiceField(label=_("材料齐全"), choices=YES_NO, widget=forms.RadioSelect)
    remark = long_text(_("评价说明"), required=False, rows=2)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return super().values() | {"lawful": data["lawful"] == "yes", "complete": data["complete"] == "yes"}


class RecordPerformance(ActionForm):
    performed = forms.ChoiceField(
        label=_("履行了吗"), choices=[("yes", _("已履行")), ("no", _("未履行（事项会重新打开）"))]
    )
    summary = long_text(_("情况和凭证"))

    def values(self) -> dict[str, Any]:
        return super().values() | {"performed": self.cleaned_data["performed"] == "yes"}


class RecordReceipt(ActionForm):
    number = forms.CharField(label=_("回执号或接收人"), max_length=100)
    summary = long_text(_("情况"), required=False, rows=2)


class TellRemedies(ActionForm):
    text = long_text(_("告知了哪些救济途径（复查、复议、仲裁、诉讼及期限）"))


class Reopen(ActionForm):
    reason = long_text(_("为什么重启"))
    new_facts = long_text(_("新的事实或理由"), required=False, rows=2)


class Reason(ActionForm):
    reason = long_text(_("理由"))


class HandDown(ActionForm):
    centre_id = forms.ChoiceField(label=_("下交给"))
    reason = long_text(_("理由"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lower = Centre.objects.filter(takes_work(clock.today()), upper_id=self.matter.holder_id)
        self.offer("centre_id", [choices.NOTHING, *((str(c.pk), c.name) for c in lower)])

    def values(self) -> dict[str, Any]:
        return super().values() | {"centre_id": UUID(self.cleaned_data["centre_id"])}


class HandOver(ActionForm):
    mediator_id = forms.ChoiceField(label=_("移交给"))
    reason = long_text(_("理由"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("mediator_id", mediator_choices(self.matter))

    def values(self) -> dict[str, Any]:
        return super().values() | {"mediator_id": UUID(self.cleaned_data["mediator_id"])}


class DangerForm(Stakes, ActionForm):
    kind = forms.ChoiceField(
        label=_("哪一种危险"),
        choices=[c for c in enums.Danger.choices if c[0] != enums.Danger.NONE],
        widget=forms.RadioSelect,
    )
    summary = long_text(_("看到或听到了什么"), rows=2)
    field_order = ("version", "kind", "summary")
    shown_when: ClassVar[dict[str, str]] = Stakes.stakes_when

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        kwargs["initial"] = Stakes.as_they_stand(matter) | kwargs.get("initial", {})
        super().__init__(*args, matter=matter, **kwargs)

    def values(self) -> dict[str, Any]:
        return {
            "kind": enums.Danger(self.cleaned_data["kind"]),
            "summary": self.cleaned_data["summary"],
            "stakes": self.stakes(),
        }


class Summary(ActionForm):
    summary = long_text(_("情况"))


class Review(ActionForm):
    review = long_text(_("复盘结论"), rows=4)


class Recuse(ActionForm):
    person_id = forms.ChoiceField(label=_("谁回避"))
    reason = long_text(_("回避的原因"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("person_id", choices.people_choices(self.matter.holder_id))

    def values(self) -> dict[str, Any]:
        return super().values() | {"person_id": UUID(self.cleaned_data["person_id"])}


class Link(ActionForm):
    other = forms.CharField(label=_("另一件事项的编号"), max_length=32)
    reason = long_text(_("为什么有关"), rows=2)

    def clean_other(self) -> Matter:
        return seen_by_code(self.actor, self.cleaned_data["other"])

    def values(self) -> dict[str, Any]:
        return {"other_id": self.cleaned_data["other"].pk, "reason": self.cleaned_data["reason"]}


class Merge(ActionForm):
    main = forms.CharField(
        label=_("主事项的编号"),
        max_length=32,
        help_text=_("并入后由主事项继续办理；主事项有结果后，仍须在本事项答复反映人。"),
    )
    reason = long_text(_("为什么是同一件事"), rows=2)

    def clean_main(self) -> Matter:
        return seen_by_code(self.actor, self.cleaned_data["main"])

    def values(self) -> dict[str, Any]:
        return {"main_id": self.cleaned_data["main"].pk, "reason": self.cleaned_data["reason"]}


class Attach(ActionForm):
    materials = ManyFiles(
        label=_("材料"),
        required=True,
        help_text=_("图片、PDF、Word、Excel、录音录像，每个不超过 50 MB。"),
    )
    purpose = forms.CharField(label=_("用途"), required=False, max_length=32)


FORMS: dict[Action, type[ActionForm]] = {
    Action.ACCEPT: ActionForm,
    Action.GUIDE: Guide,
    Action.REDIRECT: Redirect,
    Action.SETTLE_ON_SPOT: SettleOnSpot,
    Action.SEND_TO_MEDIATION: SendToMediation,
    Action.SKIP_MEDIATION: SkipMediation,
    Action.HAND_OVER: HandOver,
    Action.RECORD_MEDIATION: RecordMediation,
    Action.SETTLE: Remark,
    Action.RETURN_VISIT: ReturnVisit,
    Action.EVALUATE: Evaluate,
    Action.RECORD_PERFORMANCE: RecordPerformance,
    Action.RECORD_RECEIPT: RecordReceipt,
    Action.TELL_REMEDIES: TellRemedies,
    Action.CLOSE: Remark,
    Action.ARCHIVE: ActionForm,
    Action.REOPEN: Reopen,
    Action.WITHDRAW: Reason,
    Action.RAISE: Reason,
    Action.HAND_DOWN: HandDown,
    Action.TURNED_CRIMINAL: Summary,
    Action.REVIEW_CRIMINAL: Review,
    Action.DANGER: DangerForm,
    Action.DANGER_OVER: Summary,
    Action.RECUSE: Recuse,
    Action.LINK: Link,
    Action.MERGE: Merge,
    Action.ATTACH: Attach,
}
