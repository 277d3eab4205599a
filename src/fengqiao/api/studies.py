"""The study committee (研判委员会): to each only what is theirs to see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.api.actions.shapes import Written
from fengqiao.api.doors import READS, WRITES, reader_of, reading
from fengqiao.api.paging import Listed, newest_first
from fengqiao.api.shapes import KEPT, Code, Named, PageOf, Shape, Told, named
from fengqiao.api.uploads import as_download
from fengqiao.api.writing import answered, once_of
from fengqiao.flows import materials
from fengqiao.flows import study as flow
from fengqiao.matters.queries.matters import codes_open_to
from fengqiao.study.enums import Expertise, Reply, Stance, StudyAction, StudyState
from fengqiao.study.models import Invitation, Opinion, Study
from fengqiao.study.policies import check_may_list
from fengqiao.study.queries.studies import Shown, seen_by, shown, study_by_id

router = Router(tags=["studies"])


class StudiesAsked(Listed):
    """All that are given must hold."""

    matter: Code | None = None
    state: StudyState | None = None
    mine: Annotated[bool, Field(description="Only those to which the caller is invited.")] = False


class StudyTold(Told):
    """A hard matter before members of the committee."""

    id: UUID
    matter: Annotated[str | None, Field(description="The matter's code, where the post may open it.")]
    state: StudyState
    questions: str
    proposal: Annotated[str, Field(description="The way that the centre proposes.")]
    opinions_by: date
    convened_at: datetime
    conclusion: str
    division: Annotated[dict[Stance, int], Field(description="How the opinions divided, once concluded.")]
    advised: Annotated[Named | None, Field(description="The department to which the conclusion was sent.")]
    ended_at: datetime | None


class InvitedTold(Told):
    """A member asked to take part, and what they answered."""

    person: Named
    fields: list[Expertise]
    reply: Reply
    invited_at: datetime
    replied_at: datetime | None


class OpinionTold(Told):
    """One member's own written opinion."""

    id: UUID
    person: Named
    stance: Stance
    text: str
    given_at: datetime


class LaidTold(Told):
    """A material that was laid before the members."""

    id: UUID
    name: str
    added_at: datetime


class StudyDetail(StudyTold):
    members: Annotated[list[InvitedTold], Field(description="Nobody for a department that is only advised.")]
    opinions: Annotated[
        list[OpinionTold], Field(description="Of others only once one's own is in, or the study is over.")
    ]
    hidden: Annotated[int, Field(description="How many more opinions are in.")]
    materials: Annotated[
        list[LaidTold], Field(description="What is before the members, as long as the study is open.")
    ]
    actions: Annotated[list[StudyAction], Field(description="What the caller may do now.")]


class StudyPage(PageOf):
    items: list[StudyTold]


@router.get(
    "/studies",
    response=StudyPage,
    auth=READS,
    operation_id="listStudies",
    summary="Studies · 研判",
    url_name="api_studies",
)
def list_studies(request: HttpRequest, asked: Query[StudiesAsked]) -> StudyPage:
    """The studies that the person sees, the newest first: a centre's own, those to which they are invited, and
    for a department what it was advised."""
    with reading(request) as actor:
        check_may_list(actor)
        found = seen_by(actor, mine=asked.mine)
        if asked.matter:
            found = found.filter(matter__code=asked.matter)
        if asked.state:
            found = found.filter(state=asked.state)
        name = ("studies", asked.matter, asked.state, asked.mine)
        rows, after = newest_first(found, of=name, cursor=asked.cursor, size=asked.size)
        codes = codes_open_to(actor, [each.matter_id for each in rows])
        return StudyPage(items=[StudyTold(**_plain(each, codes)) for each in rows], next=after)


@router.get(
    "/studies/{study_id}",
    response=StudyDetail,
    auth=READS,
    operation_id="getStudy",
    summary="One study · 一次研判",
    url_name="api_study",
)
def get_study(request: HttpRequest, study_id: UUID) -> StudyDetail:
    """One study with the opinions that the person may read now, and what they may do in it."""
    with reading(request) as actor:
        return study_told(actor, study_by_id(actor, study_id))


@router.get(
    "/studies/{study_id}/materials/{material_id}",
    response={200: Any},
    auth=READS,
    operation_id="getStudyMaterial",
    summary="A material before the members · 研判材料",
    url_name="api_study_material",
    openapi_extra={"x-answers": "a file"},
)
def get_material(request: HttpRequest, study_id: UUID, material_id: UUID) -> HttpResponse:
    """For whoever takes part, as long as the study is open; each opening is audited."""
    actor = reader_of(request)
    found = flow.material(actor=actor, study_id=study_id, material_id=material_id)
    with scope(actor):
        return as_download(found.name, materials.opened(found))


class StudyReplySent(Shape):
    answer: Annotated[
        Literal["comes", "cannot", "recused"],
        Field(description="`recused`: steps aside from the study and from its matter."),
    ]
    reason: Annotated[str, Field(max_length=5_000, pattern=KEPT, description="But for `comes` needed.")] = ""


class OpinionSent(Shape):
    stance: Annotated[Stance, Field(description="To the way that the centre proposes.")]
    text: Annotated[Written, Field(description="The opinion and what it rests on.")]


class MaterialsSent(Shape):
    materials: Annotated[
        list[UUID],
        Field(min_length=1, max_length=100, description="Materials of the matter that are not there yet."),
    ]


class StudyReceipt(Told):
    """What was said in which study."""

    id: UUID
    said: StudyAction


@router.post(
    "/studies/{study_id}/reply",
    response=StudyReceipt,
    auth=WRITES,
    operation_id="replyToStudy",
    summary="Answer the invitation · 回复邀请",
    url_name="api_study_reply",
    openapi_extra={"x-writes": "once"},
)
def reply(request: HttpRequest, response: HttpResponse, study_id: UUID, sent: StudyReplySent) -> StudyReceipt:
    """A member says whether they come. Until their opinion is in it may change."""
    return _said(request, response, study_id, sent, StudyAction.REPLY)


@router.post(
    "/studies/{study_id}/opinion",
    response=StudyReceipt,
    auth=WRITES,
    operation_id="giveOpinion",
    summary="Give one's opinion · 提交研判意见",
    url_name="api_study_opinion",
    openapi_extra={"x-writes": "once"},
)
def opine(request: HttpRequest, response: HttpResponse, study_id: UUID, sent: OpinionSent) -> StudyReceipt:
    """A member's own opinion, once: it never changes. Asked of whoever has said that they come."""
    return _said(request, response, study_id, sent, StudyAction.OPINE)


@router.post(
    "/studies/{study_id}/materials",
    response=StudyReceipt,
    auth=WRITES,
    operation_id="addStudyMaterials",
    summary="Lay more materials before the members · 补充材料",
    url_name="api_study_materials",
    openapi_extra={"x-writes": "once"},
)
def add_materials(
    request: HttpRequest, response: HttpResponse, study_id: UUID, sent: MaterialsSent
) -> StudyReceipt:
    """The centre that convened adds materials of the matter as long as the study is open; the members are told."""
    return _said(request, response, study_id, sent, StudyAction.ADD_MATERIALS)


def _said(
    request: HttpRequest, response: HttpResponse, study_id: UUID, sent: Shape, action: StudyAction
) -> StudyReceipt:
    once = once_of(request, sent)

    def work() -> None:
        with reading(request) as actor:
            # Asked here already: who has stepped aside sees the study no more.
            once.begin()
            study_by_id(actor, study_id)
        flow.act(actor=actor, study_id=study_id, action=action, once=once, **sent.model_dump())

    return StudyReceipt(**answered(once, response, work))


def study_told(actor: Actor, study: Study) -> StudyDetail:
    """A study as ``study_by_id`` reads it."""
    seen = shown(actor, study)
    invited = study.invitations.all() if seen.may_see_members else []
    return StudyDetail(
        **_plain(study, codes_open_to(actor, [study.matter_id])),
        members=[_invited(each) for each in invited],
        opinions=[_opinion(each) for each in seen.opinions],
        hidden=seen.hidden,
        materials=[
            LaidTold(id=each.material_id, name=each.material.name, added_at=each.added_at)
            for each in seen.pack
        ],
        actions=_actions(seen),
    )


def _plain(row: Study, codes: Mapping[UUID, str]) -> dict[str, Any]:
    plain = ("questions", "proposal", "opinions_by", "convened_at", "conclusion", "ended_at")
    return {
        "id": row.pk,
        "matter": codes.get(row.matter_id),
        "state": StudyState(row.state),
        "division": {Stance(name): number for name, number in row.division.items()},
        "advised": named(row.advised),
        **{name: getattr(row, name) for name in plain},
    }


def _actions(seen: Shown) -> list[StudyAction]:
    may = {
        StudyAction.REPLY: seen.may_reply,
        StudyAction.OPINE: seen.may_opine,
        StudyAction.INVITE: seen.may_convene,
        StudyAction.ADD_MATERIALS: seen.may_convene,
        StudyAction.CONCLUDE: seen.may_conclude,
        StudyAction.CALL_OFF: seen.may_convene,
    }
    return [action for action, allowed in may.items() if allowed]


def _invited(row: Invitation) -> InvitedTold:
    return InvitedTold(
        person=Named(id=str(row.person_id), name=row.person.name),
        fields=[Expertise(each) for each in row.member.fields],
        reply=Reply(row.reply),
        invited_at=row.invited_at,
        replied_at=row.replied_at,
    )


def _opinion(row: Opinion) -> OpinionTold:
    person = row.invitation.person
    return OpinionTold(
        id=row.pk,
        person=Named(id=str(person.pk), name=person.name),
        stance=Stance(row.stance),
        text=row.text,
        given_at=row.given_at,
    )
