"""Convening a study: the questions, the members, what is laid before them; calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.sight import name_reader
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import Restriction, WordKind
from fengqiao.matters.models import Matter, MatterFile
from fengqiao.matters.models.base import of
from fengqiao.study.enums import Reply, StudyAction, StudyState
from fengqiao.study.models import Invitation, Member, PackItem, Study
from fengqiao.study.policies import may_convene
from fengqiao.study.queries.members import bound_to_step_aside, to_invite

LONGEST = timedelta(days=60)


def convene(
    *,
    actor: Actor,
    matter_id: UUID,
    questions: str,
    proposal: str,
    opinions_by: date,
    members: Sequence[UUID],
    materials: Sequence[UUID] = (),
    version: int | None = None,
) -> Study:
    """召集研判: asks members for written opinions on a way that the centre proposes, until a day.

    The members see the questions, the proposal and the chosen materials, as long as the study is open, and nothing
    else of the matter. Refused: ``study_open``, ``must_recuse`` (a member who belongs to a body that is complained of,
    or has stepped aside), ``may_not_name`` for a restricted matter that no director convenes on.
    """
    questions = needed("questions", questions, _("请写明要研判的问题（至少十个字）。"), shortest=10)
    proposal = needed("proposal", proposal, _("请写明中心的拟办意见（至少十个字）。"), shortest=10)
    _check_day(opinions_by)
    matter = _opened(actor, matter_id, version, StudyAction.CONVENE)
    if Study.objects.filter(matter_id=matter.pk, ended_at=None).exists():
        raise Refusal("study_open", _("这件事项已经在研判，请先形成结论或者取消。"))
    chosen = _members(matter, members)
    pack = _of_the_matter(matter, materials)
    now = clock.now()
    study = Study.objects.create(
        **of(matter),
        questions=questions,
        proposal=proposal,
        opinions_by=opinions_by,
        convened_by_id=actor.person_id,
        convened_role=actor.role,
        convened_at=now,
    )
    _laid(matter, study, pack, now)
    _invited(actor, matter, study, chosen, StudyAction.CONVENE, {"materials": len(pack)}, questions)
    return study


def invite(
    *, actor: Actor, study_id: UUID, members: Sequence[UUID], version: int | None = None
) -> list[Invitation]:
    """增邀委员: more members for a study that is open, where others cannot come."""
    matter, study = opened_study(actor, study_id, version, StudyAction.INVITE)
    there = set(study.invitations.values_list("member_id", flat=True))
    chosen = [each for each in _members(matter, members) if each.pk not in there]
    if not chosen:
        raise Invalid({"members": _("请选择还没有邀请的委员。")})
    return _invited(actor, matter, study, chosen, StudyAction.INVITE, {}, "")


def add_materials(
    *, actor: Actor, study_id: UUID, materials: Sequence[UUID], version: int | None = None
) -> list[MatterFile]:
    """补充材料: more of the matter's materials before the members of a study that is open, and they are told.

    An opinion that is in stays as it was written: its day says before which materials.
    """
    matter, study = opened_study(actor, study_id, version, StudyAction.ADD_MATERIALS)
    there = set(study.pack.values_list("material_id", flat=True))
    pack = [each for each in _of_the_matter(matter, materials) if each.pk not in there]
    if not pack:
        raise Invalid({"materials": _("请选择还没有给委员看的材料。")})
    _laid(matter, study, pack, clock.now())
    note(
        matter,
        actor=actor,
        type=f"study.{StudyAction.ADD_MATERIALS}",
        parameters={"study": study.pk, "posts": invited_posts(study), "materials": len(pack)},
    )
    return pack


def call_off(*, actor: Actor, study_id: UUID, reason: str, version: int | None = None) -> Study:
    """取消研判: no conclusion comes of it; what was written stays in the file."""
    reason = needed("reason", reason, _("请写明为什么取消研判。"), shortest=4)
    matter, study = opened_study(actor, study_id, version, StudyAction.CALL_OFF)
    study.state, study.ended_at, study.ended_by_id = StudyState.CALLED_OFF, clock.now(), actor.person_id
    study.save(update_fields=["state", "ended_at", "ended_by"])
    note(
        matter,
        actor=actor,
        type=f"study.{StudyAction.CALL_OFF}",
        parameters={"study": study.pk, "posts": invited_posts(study)},
        words={WordKind.REASON: reason},
    )
    return study


def opened_study(
    actor: Actor, study_id: UUID, version: int | None, action: StudyAction
) -> tuple[Matter, Study]:
    """The matter and then the study, locked, for a post that may convene and a study that is open."""
    known = Study.objects.filter(pk=study_id).values_list("matter_id", flat=True).first()
    if known is None:
        raise NotAllowed("study_not_found", _("没有这次研判，或您看不到它。"))
    matter = _opened(actor, known, version, action)
    study = Study.objects.select_for_update(of=("self",)).get(pk=study_id)
    if study.state != StudyState.OPEN:
        raise Refusal("study_is_over", _("这次研判已经结束。"))
    return matter, study


def invited_posts(study: Study) -> list[UUID]:
    """The posts of those who still take part."""
    taking = study.invitations.filter(reply__in=(Reply.PENDING, Reply.COMES))
    return list(taking.values_list("post_id", flat=True))


def _opened(actor: Actor, matter_id: UUID, version: int | None, action: StudyAction) -> Matter:
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    if not may_convene(actor, matter):
        raise NotAllowed("post_may_not", _("“%(action)s”不属于您的岗位。") % {"action": action.label})
    if not matter.is_open:
        raise Refusal("matter_is_closed", _("事项已经结案，不再研判。"))
    return matter


def _of_the_matter(matter: Matter, materials: Sequence[UUID]) -> list[MatterFile]:
    found = list(MatterFile.objects.filter(matter_id=matter.pk, pk__in=list(materials)))
    if len(found) != len(set(materials)):
        raise Invalid({"materials": _("所选材料不是本事项的。")})
    return found


def _laid(matter: Matter, study: Study, pack: Sequence[MatterFile], at: datetime) -> None:
    PackItem.objects.bulk_create(
        [PackItem(**of(matter), study=study, material=each, added_at=at) for each in pack]
    )


def _check_day(day: date) -> None:
    today = clock.today()
    if not today <= day <= today + LONGEST:
        raise Invalid({"opinions_by": _("交意见的日期应在今天之后六十天以内。")})


def _members(matter: Matter, members: Sequence[UUID]) -> list[Member]:
    wanted = list(Member.objects.filter(pk__in=list(members)).select_related("person"))
    aside = bound_to_step_aside(matter, wanted)
    bound = [each.person.name for each in wanted if each.pk in aside]
    if bound:
        raise Refusal(
            "must_recuse",
            _("%(names)s 与本事项有利害关系，应当回避，不能邀请。") % {"names": "、".join(bound)},
            field="members",
        )
    free = {each.pk: each for each in to_invite(matter, clock.today())}
    if not members or set(members) - set(free):
        raise Invalid({"members": _("请选择在任的研判委员。")})
    return [free[each] for each in dict.fromkeys(members)]


def _invited(
    actor: Actor,
    matter: Matter,
    study: Study,
    members: Sequence[Member],
    action: StudyAction,
    parameters: dict[str, object],
    words: str,
) -> list[Invitation]:
    now = clock.now()
    if matter.restriction != Restriction.OPEN:
        # The database lets nobody read a row of a restricted matter who is not named: until the study's last day.
        for each in members:
            name_reader(
                actor=actor,
                matter_id=matter.pk,
                person_id=each.person_id,
                until=study.opinions_by,
                reason=str(_("研判委员会")),
            )
        matter = locked(actor=actor, matter_id=matter.pk)
    found = [
        Invitation(
            **of(matter),
            study=study,
            member=each,
            person_id=each.person_id,
            post_id=each.post_id,
            invited_at=now,
        )
        for each in members
    ]
    Invitation.objects.bulk_create(found)
    note(
        matter,
        actor=actor,
        type=f"study.{action}",
        parameters={
            "study": study.pk,
            "posts": [each.post_id for each in members],
            "people": len(members),
            "opinions_by": study.opinions_by,
            **parameters,
        },
        words={WordKind.SUMMARY: words} if words else None,
    )
    return found
