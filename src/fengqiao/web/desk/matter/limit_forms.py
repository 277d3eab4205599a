"""The short form of each verb on a limit or a fact, named as its function in clocks/domain takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fengqiao.accounts.actor import Actor
from fengqiao.clocks.counting import Unit
from fengqiao.clocks.enums import FactKind
from fengqiao.clocks.models import Fact
from fengqiao.clocks.queries.extending import most_of
from fengqiao.clocks.queries.telling import Shown
from fengqiao.clocks.queries.written import kinds_by_hand
from fengqiao.clocks.wording import ground_in_words, unit_in_words
from fengqiao.dispatch.queries.handovers import assignments_of
from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.rules.queries.running import all_running
from fengqiao.web.desk.matter.forms import ActionForm, long_text
from fengqiao.web.kit import choices
from fengqiao.web.kit.forms import MOMENT_FORMATS, Moment


@dataclass(frozen=True)
class Of:
    """What a form is about: the clock, the fact, or neither."""

    shown: Shown | None = None
    fact: Fact | None = None
    asked: Fact | None = None

    @property
    def fact_label(self) -> Any:
        """What the fact says happened."""
        return FactKind(self.fact.kind).label if self.fact else ""


def moment(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=required, help_text=help_text, widget=Moment(), input_formats=MOMENT_FORMATS
    )


class LimitForm(ActionForm):
    """``previewed`` is the digest of what was typed when its effect was shown: only that can be confirmed."""

    previewed = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, matter: Matter, of: Of, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, actor=actor, matter=matter, **kwargs)
        for name, field in self.fields.items():
            if name == "at" and field.initial is None:
                field.initial = clock.now()

    def values(self) -> dict[str, Any]:
        given = super().values()
        given.pop("previewed", None)
        if self.of.shown is not None:
            given["clock_id"] = self.of.shown.clock.pk
        if self.of.fact is not None:
            given["fact_id"] = self.of.fact.pk
        return given


class Record(LimitForm):
    kind = forms.ChoiceField(label=_("发生了什么"))
    at = moment(_("什么时候"), help_text=_("按实际发生的时间写，补记也可以；时限从那时起算。"))
    party = forms.ChoiceField(label=_("对哪位当事人"), required=False)
    assignment = forms.ChoiceField(label=_("由哪个部门"), required=False)
    reason = long_text(_("说明（文号、凭证）"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kind", [choices.NOTHING, *((k.value, k.label) for k in kinds_by_hand(self.matter))])
        parties = self.matter.parties.order_by("id")
        everybody = [("", _("对所有当事人"))]
        self.offer("party", everybody + [(str(p.pk), p.name or p.get_kind_display()) for p in parties])
        given = [(str(a.pk), a.department.short_name) for a in assignments_of(self.actor, self.matter)]
        if given:
            self.offer("assignment", [("", _("不分部门")), *given])
        else:
            del self.fields["assignment"]

    def values(self) -> dict[str, Any]:
        given = super().values()
        party, assignment = given.pop("party"), given.pop("assignment", "")
        return given | {
            "party_id": UUID(party) if party else None,
            "assignment_id": UUID(assignment) if assignment else None,
        }


class Correct(LimitForm):
    at = moment(_("应是什么时候"))
    reason = long_text(_("为什么更正"), rows=2)

    def __init__(self, *args: Any, of: Of, **kwargs: Any) -> None:
        if of.fact is not None:
            kwargs["initial"] = {"at": of.fact.occurred_at}
        super().__init__(*args, of=of, **kwargs)


class TakeBack(LimitForm):
    reason = long_text(_("为什么撤回"), rows=2)


class Pause(LimitForm):
    ground = forms.ChoiceField(label=_("事由"))
    at = moment(_("从什么时候起中止"))
    until = moment(_("到什么时候恢复"), required=False, help_text=_("还没有恢复的，不填。"))
    reason = long_text(_("情况（委托书、决定书文号等）"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("ground", _grounds(self.of, "pauses_on"))


class Resume(LimitForm):
    at = moment(_("从什么时候起恢复"))
    reason = long_text(_("情况"), required=False, rows=2)


class Restart(LimitForm):
    ground = forms.ChoiceField(label=_("事由"))
    at = moment(_("从什么时候起重新计算"))
    reason = long_text(_("情况"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("ground", _grounds(self.of, "restarts_on"))


class Fulfil(LimitForm):
    at = moment(_("什么时候办到的"), help_text=_("办到以后才补记的，写实际办到的时间。"))
    reason = long_text(_("由谁办到、凭什么（文号、回执、照片）"), rows=2)


class AskExtension(LimitForm):
    n = forms.IntegerField(label=_("延长多少"), min_value=1, max_value=999)
    unit = forms.CharField(widget=forms.HiddenInput)
    reason = long_text(_("为什么需要延长"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = self.of.shown
        most = most_of(shown.limit, all_running()[shown.limit.id]) if shown and shown.limit else None
        if most is not None:
            self.fields["unit"].initial = most.unit
            self.fields["n"].help_text = (
                _("以%(unit)s计，按双方约定。") if most.is_agreed else _("以%(unit)s计，最多 %(most)s。")
            ) % {"unit": units()[most.unit], "most": unit_in_words(most.n, Unit(most.unit))}


class DecideExtension(LimitForm):
    approve = forms.ChoiceField(label=_("审批"), choices=[("yes", _("同意")), ("no", _("不同意"))])
    consent = forms.CharField(label=_("依据要求的手续"), required=False, max_length=200)
    answer = long_text(_("意见"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked, limit = self.of.asked, self.of.shown.limit if self.of.shown else None
        if asked is not None and asked.n:
            self.fields["approve"].help_text = _("申请延长 %(length)s：%(reason)s") % {
                "length": unit_in_words(asked.n, Unit(asked.unit)),
                "reason": asked.reason,
            }
        if limit is not None and limit.consent:
            self.fields["consent"].help_text = _("%(what)s：写明何时、怎样办的。") % {"what": limit.consent}
        else:
            del self.fields["consent"]

    def values(self) -> dict[str, Any]:
        return super().values() | {"approve": self.cleaned_data["approve"] == "yes"}


def units() -> dict[str, Any]:
    """Each unit in words."""
    return {
        Unit.HOUR.value: _("小时"),
        Unit.DAY.value: _("日"),
        Unit.WORKING_DAY.value: _("工作日"),
        Unit.MONTH.value: _("月"),
        Unit.YEAR.value: _("年"),
    }


def _grounds(of: Of, name: str) -> list[tuple[str, Any]]:
    known = getattr(of.shown.limit, name) if of.shown and of.shown.limit else ()
    return [(ground, ground_in_words(ground)) for ground in known]


FORMS: dict[str, type[LimitForm]] = {
    "record": Record,
    "correct": Correct,
    "take_back": TakeBack,
    "pause": Pause,
    "resume": Resume,
    "restart": Restart,
    "fulfil": Fulfil,
    "ask_extension": AskExtension,
    "decide_extension": DecideExtension,
}
TITLES: dict[str, Any] = {
    "record": _("记录事实"),
    "correct": _("更正事实"),
    "take_back": _("撤回事实"),
    "pause": pgettext_lazy("时限动作", "中止"),
    "resume": pgettext_lazy("时限动作", "恢复"),
    "restart": _("重新计算"),
    "fulfil": FactKind.DONE.label,
    "ask_extension": pgettext_lazy("时限动作", "申请延长"),
    "decide_extension": _("审批延长"),
}
