"""Forms about what parties promised to bring."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_lazy

from fengqiao.kernel import clock
from fengqiao.matters.models import Matter
from fengqiao.mediation.models import Sitting
from fengqiao.mediation.queries.evidence import evidence_of
from fengqiao.web.desk.mediation.forms import CHOOSE, OfMediation, party_choices
from fengqiao.web.kit.choices import NOTHING
from fengqiao.web.kit.forms import Day, OneFile, uploads_of, written


class PromiseForm(OfMediation):
    references = ("party_id", "sitting_id")
    party_id = forms.ChoiceField(label=gettext_lazy("谁答应的"), error_messages=CHOOSE)
    what = written(
        gettext_lazy("答应带来什么"), gettext_lazy("例如：工资条、租赁合同、发票、照片。"), most=500
    )
    by_day = forms.DateField(label=gettext_lazy("哪天以前"), widget=Day())
    sitting_id = forms.CharField(widget=forms.HiddenInput, required=False)

    def offer(self, matter: Matter) -> None:
        talk = self._talk()
        parties = party_choices(matter)
        if talk and talk.is_sealed:
            self.fields["what"].help_text = gettext("单独谈话里答应的：只有调解员和他们的领导看得到。")
            parties = [each for each in parties if each[0] in talk.parties] or parties
        self.choose("party_id", parties)

    def _talk(self) -> Sitting | None:
        try:
            wanted = UUID(self.data.get("sitting_id", "") or self.initial.get("sitting_id", ""))
        except ValueError:
            return None
        found: Sitting | None = self.running.sittings.filter(pk=wanted).first() if self.running else None
        return found

    def clean_sitting_id(self) -> str:
        talk = self._talk()
        return str(talk.pk) if talk else ""


class OfEvidence(OfMediation):
    """About something that is waited for."""

    references = ("evidence_id",)
    evidence_id = forms.ChoiceField(label=gettext_lazy("哪份材料"), error_messages=CHOOSE)

    def offer(self, matter: Matter) -> None:
        found = [each for each in evidence_of(self.running) if each.is_waited_for] if self.running else []
        rows = [(str(each.pk), f"{each.party.name} · {each.what[:60]} · {each.by_day}") for each in found]
        self.choose("evidence_id", rows if len(rows) == 1 else [NOTHING, *rows])


class BringForm(OfEvidence):
    came_on = forms.DateField(label=gettext_lazy("哪天带来的"), widget=Day())
    materials = OneFile(
        label=gettext_lazy("材料的扫描件或者照片"),
        help_text=gettext_lazy(
            "会成为事项的材料，看得到事项的人都看得到；当事人只想给调解员看的，不要上传。"
        ),
    )

    def offer(self, matter: Matter) -> None:
        super().offer(matter)
        self.initial.setdefault("came_on", clock.today())

    def values(self) -> dict[str, Any]:
        values = super().values()
        del values["materials"]
        return values | {"uploads": uploads_of(self)}


class LapseForm(OfEvidence):
    why = written(
        gettext_lazy("为什么没有带来"), gettext_lazy("还会带来的，改为再记一次新的日期。"), most=500
    )
