"""The conclusion of a study, and what ends one without any."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.dispatch.models import Assignment
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import note
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Action, WordKind
from fengqiao.matters.events import Moved
from fengqiao.matters.models import Matter
from fengqiao.places.enums import INDEPENDENT
from fengqiao.places.models import Department
from fengqiao.study.domain.convening import invited_posts, opened_study
from fengqiao.study.enums import Stance, StudyAction, StudyState
from fengqiao.study.models import Study
from fengqiao.study.policies import may_conclude

ENDING = (Action.CLOSE, Action.WITHDRAW, Action.MERGE)


def conclude(
    *,
    actor: Actor,
    study_id: UUID,
    conclusion: str,
    department_id: UUID | None = None,
    version: int | None = None,
) -> Study:
    """形成研判结论: written into the matter's history with how the opinions divided.

    ``department_id``: a department that has the matter in hand is sent it as advice; what it does in substance stays
    its own. Refused: ``no_opinion``, ``independent_body`` (courts, procuratorates, arbitration commissions decide by
    themselves and are not advised), ``not_in_hand``.
    """
    conclusion = needed("conclusion", conclusion, _("请写明研判结论（至少十个字）。"), shortest=10)
    matter, study = opened_study(actor, study_id, version, StudyAction.CONCLUDE)
    if not may_conclude(actor, matter):
        raise NotAllowed("conclusion_by_leader", _("研判结论由中心主任、副主任作出。"))
    stances = Counter(study.opinions.values_list("stance", flat=True))
    if not stances:
        raise Refusal("no_opinion", _("还没有委员提交意见，不能形成结论。"))
    study.advised = _advised(matter, department_id)
    study.conclusion = conclusion
    study.division = {each: stances[each] for each in Stance.values if stances[each]}
    study.state, study.ended_at, study.ended_by_id = StudyState.CONCLUDED, clock.now(), actor.person_id
    study.save(update_fields=["advised", "conclusion", "division", "state", "ended_at", "ended_by"])
    note(
        matter,
        actor=actor,
        type=f"study.{StudyAction.CONCLUDE}",
        parameters={
            "study": study.pk,
            "division": study.division,
            "posts": invited_posts(study),
            "department": study.advised_id,
        },
        words={WordKind.SUMMARY: conclusion},
    )
    return study


def in_hand(matter_id: UUID) -> list[Department]:
    """The departments to which a conclusion can be sent: those that have the matter in hand and can be advised."""
    found = Department.objects.filter(
        assignments__matter_id=matter_id, assignments__dispatch__ended_at=None
    ).exclude(kind__in=INDEPENDENT)
    return list(found.distinct().order_by("short_name"))


def end_with_matter(moved: Moved) -> None:
    """A matter that is closed, withdrawn or merged needs no advice any more (handler of ``Moved``)."""
    if moved.action in ENDING:
        Study.objects.filter(matter_id=moved.matter_id, ended_at=None).update(
            state=StudyState.ENDED, ended_at=clock.now()
        )


def _advised(matter: Matter, department_id: UUID | None) -> Department | None:
    if department_id is None:
        return None
    department = Department.objects.filter(pk=department_id).first()
    has_it = Assignment.objects.filter(
        matter_id=matter.pk, department_id=department_id, dispatch__ended_at=None
    ).exists()
    if department is None or not has_it:
        raise Invalid({"department_id": _("请选择正在承办这件事项的部门。")}, code="not_in_hand")
    if department.kind in INDEPENDENT:
        raise Refusal(
            "independent_body",
            _("%(body)s依法独立办案，不向其送研判结论。") % {"body": department.short_name},
        )
    return department
