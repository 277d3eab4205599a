"""What is written down of a mediation: one small form an act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy

from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter, Party
from fengqiao.mediation.enums import (
    Came,
    HelperKind,
    Initiative,
    SittingKind,
    SittingState,
    SittingWay,
    StandingKind,
)
from fengqiao.mediation.models import Mediation
from fengqiao.mediation.queries.days import usual_place
from fengqiao.mediation.queries.process import usual_footing
from fengqiao.pool.enums import Reply
from fengqiao.pool.queries.market import fees_on, working_with
from fengqiao.pool.queries.rooms import open_at
from fengqiao.pool.queries.talents import asked_in, to_ask
from fengqiao.referrals.enums import OPEN
from fengqiao.referrals.models import Referral
from fengqiao.rules.queries.mediation_bodies import advice_on, bodies_on
from fengqiao.rules.queries.referral_kinds import all_kinds
from fengqiao.web.desk.leading.forms import OfMatter
from fengqiao.web.kit.choices import NOTHING, Choices, people_choices
from fengqiao.web.kit.forms import Day, Moment, written

CHOOSE = {"required": gettext_lazy("请选择。")}


class OfMediation(OfMatter):
    """A form that knows the running mediation too; references are handed on as identities."""

    references: tuple[str, ...] = ()

    def __init__(self, matter: Matter, running: Mediation | None, *args: Any, **more: Any) -> None:
        self.running = running
        super().__init__(matter, *args, **more)

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        return values | {name: UUID(values[name]) if values[name] else None for name in self.references}

    def choose(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def mediating(self) -> Choices:
        """Who takes part in the running mediation."""
        people: dict[str, str] = {}
        if self.running and self.running.mediator:
            people[str(self.running.mediator_id)] = self.running.mediator.name
        helpers = self.running.helpers.filter(ended_at=None, person__isnull=False) if self.running else []
        people |= {str(each.person_id): each.name for each in helpers}
        return [NOTHING, *people.items()]


def _of_courts() -> list[str]:
    return [each.id for each in all_kinds().values() if each.body]


class FootingForm(OfMediation):
    body = forms.ChoiceField(label=gettext_lazy("调解组织的类型"))
    name = forms.CharField(label=gettext_lazy("调解组织的名称"), max_length=100)
    initiative = forms.ChoiceField(label=gettext_lazy("怎样开始"), choices=Initiative.choices)
    fee = forms.DecimalField(
        label=gettext_lazy("约定的费用（元）"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=gettext_lazy("只有商事调解组织可以收取；人民调解不收取任何费用。"),
    )

    def offer(self, matter: Matter) -> None:
        self.choose("body", [NOTHING, *((each.id, each.name) for each in bodies_on(clock.today()))])
        usual = usual_footing(matter.holder_id)
        # What a court handed in stands on the footing of its kind.
        task = Referral.objects.filter(matter_id=matter.pk, state__in=OPEN, kind__in=_of_courts()).first()
        if task is not None:
            self.initial.setdefault("body", all_kinds()[task.kind].body)
        if usual is not None and self.initial.setdefault("body", usual.body) == usual.body:
            self.initial.setdefault("name", usual.name)


class FeeForm(OfMediation):
    references = ("body_id",)
    body_id = forms.ChoiceField(label=gettext_lazy("调解组织"), error_messages=CHOOSE)
    amount = forms.DecimalField(
        label=gettext_lazy("约定的费用（元）"), min_value=0, max_digits=12, decimal_places=2
    )
    signed_on = forms.DateField(label=gettext_lazy("签字日期"), widget=Day())
    parties = forms.MultipleChoiceField(
        label=gettext_lazy("签字的当事人"), widget=forms.CheckboxSelectMultiple
    )

    def offer(self, matter: Matter) -> None:
        today = clock.today()
        bodies = working_with(matter, today)
        self.choose("body_id", [NOTHING, *((str(each.pk), each.name) for each in bodies)])
        charged = [f"{each.name}：{fees.text}" for each in bodies if (fees := fees_on(each, today))]
        # What they agree on is by the published schedule, and whoever is paid mediates from then on.
        self.fields["body_id"].help_text = gettext(
            "约定以后由所选的组织主持调解。公布的收费标准：%(fees)s"
        ) % {"fees": "；".join(charged) or gettext("还没有。")}
        self.initial.setdefault("signed_on", today)
        if len(bodies) == 1:
            self.initial.setdefault("body_id", str(bodies[0].pk))
        self.choose("parties", party_choices(matter)[1:])

    def values(self) -> dict[str, Any]:
        values = super().values()
        return values | {"parties": [UUID(each) for each in values["parties"]]}


class RoomForm(OfMediation):
    references = ("room_id",)
    room_id = forms.ChoiceField(
        label=gettext_lazy("在哪个品牌调解室"),
        required=False,
        help_text=gettext_lazy("不选，就是不在品牌调解室。"),
    )

    def offer(self, matter: Matter) -> None:
        self.choose("room_id", room_choices(matter))


class StandForm(OfMediation):
    references = ("party_id",)
    party_id = forms.ChoiceField(label=gettext_lazy("当事人"), error_messages=CHOOSE)
    kind = forms.ChoiceField(label=gettext_lazy("登记什么"), choices=StandingKind.choices)
    name = forms.CharField(label=gettext_lazy("代理人或者监护人"), max_length=64, required=False)
    paper = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("授权委托书的日期和权限，或者监护关系的证明。"),
    )

    def offer(self, matter: Matter) -> None:
        self.choose("party_id", party_choices(matter))


class HelpForm(OfMediation):
    references = ("person_id",)
    kind = forms.ChoiceField(label=gettext_lazy("以什么身份"), choices=HelperKind.choices)
    person_id = forms.ChoiceField(label=gettext_lazy("本中心的调解员"), required=False)
    name = forms.CharField(
        label=gettext_lazy("不在名单里的：姓名"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("邀请亲属、邻里或者有专门知识的人协助，要征得当事人同意。"),
    )

    def offer(self, matter: Matter) -> None:
        self.choose("person_id", mediator_choices(matter))


class LeaveForm(OfMediation):
    references = ("helper_id",)
    helper_id = forms.ChoiceField(label=gettext_lazy("谁"), error_messages=CHOOSE)

    def offer(self, matter: Matter) -> None:
        now = self.running.helpers.filter(ended_at=None) if self.running else []
        self.choose("helper_id", [NOTHING, *((str(each.pk), each.name) for each in now)])


class AskHelpForm(OfMediation):
    references = ("talent_id",)
    talent_id = forms.ChoiceField(label=gettext_lazy("人才库里的人"), error_messages=CHOOSE)
    what = written(gettext_lazy("请他做什么"), gettext_lazy("不写当事人的姓名和电话。"))

    def offer(self, matter: Matter) -> None:
        of_the_field, others = (
            [
                (str(each.pk), f"{each.name} · {each.get_profession_display()} · {each.origin}")
                for each in group
            ]
            for group in to_ask(matter)
        )
        groups = [(gettext("这个重点领域的"), of_the_field), (gettext("其他领域的"), others)]
        self.choose("talent_id", [NOTHING, *(each for each in groups if each[1])])


class AnswerHelpForm(OfMediation):
    references = ("asked_id",)
    asked_id = forms.ChoiceField(label=gettext_lazy("谁"), error_messages=CHOOSE)
    reply = forms.ChoiceField(label=gettext_lazy("答复"), choices=Reply.choices)
    reason = forms.CharField(label=gettext_lazy("不能来的原因"), max_length=500, required=False)

    def offer(self, matter: Matter) -> None:
        waiting = [each for each in asked_in(self.running) if not each.reply] if self.running else []
        rows = [(str(each.pk), each.talent.name) for each in waiting]
        self.choose("asked_id", rows if len(rows) == 1 else [NOTHING, *rows])


class AskRecusalForm(OfMediation):
    references = ("party_id", "person_id")
    party_id = forms.ChoiceField(label=gettext_lazy("哪位当事人要求"), error_messages=CHOOSE)
    person_id = forms.ChoiceField(label=gettext_lazy("要求谁回避"), error_messages=CHOOSE)
    reason = written(gettext_lazy("理由"))

    def offer(self, matter: Matter) -> None:
        self.choose("party_id", party_choices(matter))
        self.choose("person_id", self.mediating())


class DecideRecusalForm(OfMediation):
    references = ("asked_id", "successor_id")
    asked_id = forms.ChoiceField(label=gettext_lazy("回避要求"), error_messages=CHOOSE)
    granted = forms.ChoiceField(
        label=gettext_lazy("决定"), choices=[("yes", gettext_lazy("回避")), ("no", gettext_lazy("不回避"))]
    )
    successor_id = forms.ChoiceField(label=gettext_lazy("接替的调解员"), required=False)
    answer = written(gettext_lazy("决定的理由"))

    def offer(self, matter: Matter) -> None:
        waiting = self.running.recusals_asked.filter(granted=None) if self.running else []
        rows = [(str(each.pk), f"{each.party.name} → {each.person.name}") for each in waiting]
        self.choose("asked_id", [NOTHING, *rows])
        self.choose("successor_id", mediator_choices(matter))

    def values(self) -> dict[str, Any]:
        values = super().values()
        return values | {"granted": values["granted"] == "yes"}


class PlanForm(OfMediation):
    kind = forms.ChoiceField(label=gettext_lazy("怎样谈"), choices=SittingKind.choices)
    begin_now = forms.BooleanField(label=gettext_lazy("人都在，现在就开始"), required=False)
    planned_at = forms.DateTimeField(label=gettext_lazy("时间"), widget=Moment(), required=False)
    way = forms.ChoiceField(label=gettext_lazy("在哪里谈"), choices=SittingWay.choices)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=200)
    parties = forms.MultipleChoiceField(
        label=gettext_lazy("哪些当事人"), widget=forms.CheckboxSelectMultiple, required=False
    )
    present = forms.CharField(label=gettext_lazy("其他参加的人"), max_length=500, required=False)

    def offer(self, matter: Matter) -> None:
        parties = party_choices(matter)[1:]
        self.choose("parties", parties)
        # A joint talk, which it mostly is, is with everybody.
        self.initial.setdefault("parties", [key for key, _name in parties])
        self.initial.setdefault("place", usual_place(matter.holder_id))

    def values(self) -> dict[str, Any]:
        values = super().values()
        return values | {"parties": [UUID(each) for each in values["parties"]]}


class OfTalk(OfMediation):
    """A form about one of the talks that are in one of these states."""

    references = ("sitting_id",)
    states: tuple[SittingState, ...] = ()
    sitting_id = forms.ChoiceField(label=gettext_lazy("哪次会谈"), error_messages=CHOOSE)

    def offer(self, matter: Matter) -> None:
        found = self.running.sittings.filter(state__in=self.states) if self.running else []
        rows = [
            (str(each.pk), f"{each.get_kind_display()} · {localtime(each.planned_at):%Y-%m-%d %H:%M}")
            for each in found
        ]
        self.choose("sitting_id", rows if len(rows) == 1 else [NOTHING, *rows])


class BeginForm(OfTalk):
    states = (SittingState.PLANNED,)


class EndForm(OfTalk):
    states = (SittingState.RUNNING,)
    parties = forms.MultipleChoiceField(
        label=gettext_lazy("哪些当事人参加了"), widget=forms.CheckboxSelectMultiple, required=False
    )
    present = forms.CharField(label=gettext_lazy("其他参加的人"), max_length=500, required=False)

    def offer(self, matter: Matter) -> None:
        super().offer(matter)
        self.choose("parties", party_choices(matter)[1:])
        talk = self.running.sittings.filter(state=SittingState.RUNNING).first() if self.running else None
        if talk:
            self.initial = {**self.initial, "parties": talk.parties, "present": talk.present}

    def values(self) -> dict[str, Any]:
        values = super().values()
        return values | {"parties": [UUID(each) for each in values["parties"]]}


class AdjournForm(OfTalk):
    states = (SittingState.PLANNED, SittingState.RUNNING)
    why = written(gettext_lazy("为什么延期"))
    again_at = forms.DateTimeField(label=gettext_lazy("改到什么时候"), widget=Moment(), required=False)


class ResultForm(OfMediation):
    references = ("claim_id", "of_party_id", "against_party_id")
    claim_id = forms.ChoiceField(
        label=gettext_lazy("哪项诉求"),
        required=False,
        help_text=gettext_lazy("不选，就是两人之间的全部诉求。"),
    )
    of_party_id = forms.ChoiceField(label=gettext_lazy("谁"), error_messages=CHOOSE)
    against_party_id = forms.ChoiceField(label=gettext_lazy("和谁"), error_messages=CHOOSE)
    came = forms.ChoiceField(label=gettext_lazy("结果"), choices=Came.choices)
    text = written(gettext_lazy("达成了什么，或者为什么没有达成"))
    advised = forms.MultipleChoiceField(
        label=gettext_lazy("已告知的途径"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("没有达成或者拒绝的，必须告知（人民调解法 第26条）。"),
    )

    def offer(self, matter: Matter) -> None:
        claims = [(str(each.pk), each.text or each.get_kind_display()) for each in matter.claims.all()]
        self.choose("claim_id", [NOTHING, *claims])
        self.choose("of_party_id", party_choices(matter))
        self.choose("against_party_id", party_choices(matter))
        self.choose("advised", [(each.id, each.name) for each in advice_on(clock.today())])


def party_choices(matter: Matter) -> Choices:
    """The parties of a matter, without those who act for one."""
    found = Party.objects.filter(matter_id=matter.pk, agent_of=None)
    return [NOTHING, *((str(each.pk), each.name or each.get_role_display()) for each in found)]


def mediator_choices(matter: Matter) -> Choices:
    """The mediators of the centre that holds the matter."""
    return people_choices(matter.holder_id, [Role.MEDIATOR]) if matter.holder_id else [NOTHING]


def room_choices(matter: Matter) -> Choices:
    """The brand rooms of the centre that holds the matter, open today."""
    return [NOTHING, *((str(each.pk), each.name) for each in open_at(matter.holder_id, clock.today()))]
