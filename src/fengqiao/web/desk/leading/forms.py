from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.leading.domain.instructing import NewInstruction
from fengqiao.leading.domain.listing import Leader
from fengqiao.leading.domain.recommending import NewRecommendation
from fengqiao.leading.enums import CHOSEN_ENDINGS, Ask, InstructionAction, KeyAction, KeyKind
from fengqiao.leading.queries.instructions import posts_for, receivers_for
from fengqiao.leading.queries.leaders import leaders_for
from fengqiao.matters.models import Matter
from fengqiao.places.enums import EXEMPT_FROM_SUPERVISION
from fengqiao.places.models import Department
from fengqiao.places.queries.bodies import takes_work
from fengqiao.places.queries.divisions import lies_in
from fengqiao.rules.queries.key_matters import grounds_on
from fengqiao.web.kit.choices import NOTHING, Choices
from fengqiao.web.kit.forms import Day, written

LONG = 2_000


class OfMatter(forms.Form):
    """A form that knows the matter it is about, for what it offers."""

    def __init__(self, matter: Matter, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.offer(matter)

    def offer(self, matter: Matter) -> None:
        """Fills what is to choose from."""

    def values(self) -> dict[str, Any]:
        """What the domain takes."""
        return dict(self.cleaned_data)


class WithLeader(OfMatter):
    leader = forms.ChoiceField(label=gettext_lazy("领导"), required=False)
    name = forms.CharField(label=gettext_lazy("不在名单里的：姓名"), max_length=40, required=False)
    office = forms.CharField(label=gettext_lazy("不在名单里的：职务"), max_length=80, required=False)

    def offer(self, matter: Matter) -> None:
        self.fields["leader"].choices = leader_choices(matter)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        chosen, name, office = (values.pop(each) for each in ("leader", "name", "office"))
        return values | {"leader": Leader(UUID(chosen) if chosen else None, name, office)}


class ListForm(WithLeader):
    ground = forms.ChoiceField(label=gettext_lazy("列入的情形"))
    why = written(
        gettext_lazy("为什么列入"), gettext_lazy("写这件事的情况。列入的是事项，不给任何人贴标签。")
    )

    field_order = ("ground", "why", "leader", "name", "office")

    def offer(self, matter: Matter) -> None:
        super().offer(matter)
        groups: dict[str, list[tuple[str, str]]] = {}
        for each in grounds_on(clock.today()):
            groups.setdefault(str(KeyKind(each.kind).label), []).append((each.id, each.name))
        self.fields["ground"].choices = [NOTHING, *groups.items()]  # type: ignore[attr-defined]


class LookForm(OfMatter):
    day = forms.DateField(label=gettext_lazy("哪一天"), widget=Day())
    outcome = written(gettext_lazy("情况和要求"))


class VisitForm(OfMatter):
    day = forms.DateField(label=gettext_lazy("哪一天"), widget=Day())
    place = forms.CharField(label=gettext_lazy("地点"), max_length=100)
    met = forms.CharField(label=gettext_lazy("见了哪些人"), max_length=200)
    outcome = written(gettext_lazy("下访的结果"))


class UnlistForm(OfMatter):
    ending = forms.ChoiceField(
        label=gettext_lazy("原因"),
        choices=[(each.value, each.label) for each in CHOSEN_ENDINGS],
        widget=forms.RadioSelect,
    )
    reason = written(gettext_lazy("为什么移出清单"))


KEY_FORMS: dict[KeyAction, type[OfMatter]] = {
    KeyAction.CHARGE: WithLeader,
    KeyAction.LOOK: LookForm,
    KeyAction.VISIT: VisitForm,
    KeyAction.UNLIST: UnlistForm,
}


def leader_choices(matter: Matter) -> Choices:
    """Leaders by centre."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for held in leaders_for(matter):
        label = _("%(name)s · %(role)s") % {"name": held.person.name, "role": Role(held.post.role).label}
        groups.setdefault(held.post.centre.name if held.post.centre else "", []).append((str(held.pk), label))
    return [NOTHING, *groups.items()]


class GiveForm(WithLeader):
    text = written(
        gettext_lazy("批示内容"),
        gettext_lazy("只提程序要求；处理意见由承办单位依法作出，不对法院、检察院、仲裁委批示。"),
    )
    asks = forms.ChoiceField(label=gettext_lazy("要求"), choices=[NOTHING, *Ask.choices])
    to = forms.ChoiceField(label=gettext_lazy("由谁办理"))
    due_on = forms.DateField(label=gettext_lazy("办到哪一天"), widget=Day())
    given_on = forms.DateField(label=gettext_lazy("批示日期"), widget=Day(), required=False)

    field_order = ("text", "asks", "to", "due_on", "given_on", "leader", "name", "office")

    def offer(self, matter: Matter) -> None:
        super().offer(matter)
        bodies = [(f"department:{each.pk}", each.name) for each in receivers_for(matter)]
        posts = [(f"post:{each.pk}", str(Role(each.role).label)) for each in posts_for(matter)]
        groups = [(_("承办单位"), bodies), (_("中心的岗位"), posts)]
        self.fields["to"].choices = [NOTHING, *(each for each in groups if each[1])]  # type: ignore[attr-defined]
        self.fields["leader"].help_text = _("不选、也不写姓名，就是本人的批示。")

    def values(self) -> dict[str, Any]:
        values = super().values()
        kind, _colon, key = values.pop("to").partition(":")
        to = UUID(key)
        new = NewInstruction(
            department_id=to if kind == "department" else None,
            post_id=to if kind == "post" else None,
            **values,
        )
        return {"new": new}


class AnswerForm(OfMatter):
    text = written(gettext_lazy("办了什么"))


class AcceptForm(OfMatter):
    reasons = forms.CharField(
        label=gettext_lazy("认定意见"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SendBackForm(OfMatter):
    reasons = written(gettext_lazy("为什么退回"))
    due_on = forms.DateField(label=gettext_lazy("再办到哪一天"), widget=Day())


INSTRUCTION_FORMS: dict[InstructionAction, type[OfMatter]] = {
    InstructionAction.ANSWER: AnswerForm,
    InstructionAction.ACCEPT: AcceptForm,
    InstructionAction.SEND_BACK: SendBackForm,
}


class RecommendForm(OfMatter):
    department = forms.ChoiceField(label=gettext_lazy("发给哪个单位"))
    found = written(gettext_lazy("发现的共同问题"), gettext_lazy("会写进对外的建议书：不写当事人。"))
    advice = written(gettext_lazy("怎样从源头预防"))
    reply_by = forms.DateField(label=gettext_lazy("请在哪一天前回复"), widget=Day())
    others = forms.CharField(
        label=gettext_lazy("还从哪些事项看出来"),
        help_text=gettext_lazy("事项编号，用空格隔开；可以不填。"),
        required=False,
        max_length=600,
    )

    def offer(self, matter: Matter) -> None:
        found = Department.objects.filter(
            takes_work(clock.today()), lies_in(matter.county, "division_id")
        ).exclude(kind__in=[str(kind) for kind in EXEMPT_FROM_SUPERVISION])
        bodies = [(str(each.pk), each.name) for each in found.order_by("division_id", "kind", "name")]
        self.fields["department"].choices = [NOTHING, *bodies]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        others = tuple(re.split(r"[\s,，、;；]+", values.pop("others")))
        department = UUID(values.pop("department"))
        return {"new": NewRecommendation(department_id=department, others=others, **values)}


class ReplyForm(OfMatter):
    replied_on = forms.DateField(label=gettext_lazy("回复日期"), widget=Day())
    text = written(gettext_lazy("单位的回复"))
