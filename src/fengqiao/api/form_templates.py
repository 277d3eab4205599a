"""A county's own templates of the dossier's forms (文书模板): what is in force, what waits, uploading and approving."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import File, Path, Query, Router, Status, UploadedFile
from ninja import Form as FromForm
from pydantic import Field

from fengqiao.api.domain.once import OnceByKey
from fengqiao.api.doors import READS, WRITES, actor_of, reading
from fengqiao.api.paging import Listed, sliced
from fengqiao.api.problems import Problem
from fengqiao.api.shapes import KEPT, Day, Made, Named, PageOf, Shape, Told, named
from fengqiao.api.uploads import as_download, same_file, taken
from fengqiao.api.writing import answered, once_of
from fengqiao.dossier.enums import TemplateState
from fengqiao.dossier.forms import Form, forms, required_fields
from fengqiao.dossier.models import FormTemplate
from fengqiao.dossier.own_templates import MOST_BYTES
from fengqiao.dossier.policies import check_may_read_templates
from fengqiao.dossier.queries import templates as query
from fengqiao.dossier.templates import place_of
from fengqiao.flows import templates as flow
from fengqiao.kernel import clock

router = Router(tags=["dossier"])
FormCode = Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]


class FormKindTold(Told):
    """A form of the dossier, and by what its .docx is made today."""

    form: str
    title: Annotated[str, Field(description="Chinese, as the paper says it.")]
    required: Annotated[list[str], Field(description="Fields without which it is not that paper.")]
    own: Annotated[UUID | None, Field(description="The county's version in force; null: the shipped one.")]
    waits: Annotated[bool, Field(description="A version of the county waits to be approved.")]


class FormKindList(Told):
    items: list[FormKindTold]


class FormTemplatesAsked(Listed):
    form: FormCode | None = None


class FormTemplateTold(Told):
    """A version of the county. Who uploaded it never approves it."""

    id: UUID
    form: str
    number: int
    state: TemplateState
    name: Annotated[str, Field(description="The file's own name.")]
    digest: Annotated[str, Field(description="SM3, hexadecimal.")]
    fields: list[str]
    why: str
    drafted_by: Named
    drafted_at: datetime
    decided_by: Named | None
    decided_at: datetime | None
    valid_from: date | None
    valid_until: date | None


class FormTemplatePage(PageOf):
    items: list[FormTemplateTold]


class NewTemplateSent(Shape):
    form: FormCode
    why: Annotated[str, Field(min_length=4, max_length=500, pattern=KEPT)]


class ApprovedFrom(Shape):
    valid_from: Annotated[Day, Field(description="Today at the earliest.")]


class ShippedAgain(Shape):
    last_day: Annotated[Day, Field(description="Yesterday at the earliest.")]


class NothingSaid(Shape):
    """Nothing has to be said."""


@router.get(
    "/form-templates",
    response=FormKindList,
    auth=READS,
    operation_id="listFormKinds",
    summary="Forms and their templates · 文书和模板",
    url_name="api_form_kinds",
)
def list_kinds(request: HttpRequest) -> FormKindList:
    """Every form in the order of the dossier. For posts of a centre."""
    with reading(request) as actor:
        check_may_read_templates(actor)
        own = {each.form: each.pk for each in query.in_force(actor.county, clock.today()).defer("content")}
        waits = set(query.versions_of(actor).filter(state=TemplateState.DRAFT).values_list("form", flat=True))
        return FormKindList(
            items=[
                FormKindTold(
                    form=each.code,
                    title=each.title,
                    required=list(required_fields(each)),
                    own=own.get(each.code),
                    waits=each.code in waits,
                )
                for each in forms()
            ]
        )


@router.get(
    "/form-templates/versions",
    response=FormTemplatePage,
    auth=READS,
    operation_id="listFormTemplates",
    summary="The county's versions · 本县的模板",
    url_name="api_form_templates",
)
def list_versions(request: HttpRequest, asked: Query[FormTemplatesAsked]) -> FormTemplatePage:
    """What the county ever uploaded, by form, the newest of each first."""
    with reading(request) as actor:
        check_may_read_templates(actor)
        found = query.versions_of(actor, asked.form or "")
        rows, after = sliced(
            lambda part: found[part], of=("templates", asked.form), cursor=asked.cursor, size=asked.size
        )
        return FormTemplatePage(items=[_told(each) for each in rows], next=after)


@router.get(
    "/form-templates/shipped/{form}",
    response={200: Any},
    auth=READS,
    operation_id="getShippedTemplate",
    summary="The shipped template · 随软件的模板",
    url_name="api_shipped_template",
    openapi_extra={"x-answers": "a file"},
)
def get_shipped(request: HttpRequest, form: Path[FormCode]) -> HttpResponse:
    """To begin from."""
    check_may_read_templates(actor_of(request))
    wanted = _form(form)
    return as_download(f"{wanted.title}-模板.docx", place_of(wanted.code).read_bytes())


@router.get(
    "/form-templates/versions/{template_id}/file",
    response={200: Any},
    auth=READS,
    operation_id="getFormTemplateFile",
    summary="The file of a version · 模板文件",
    url_name="api_form_template_file",
    openapi_extra={"x-answers": "a file"},
)
def get_file(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """As it was uploaded."""
    with reading(request) as actor:
        check_may_read_templates(actor)
        found = query.version_by_id(actor, template_id)
        return as_download(f"{found.form}-{found.number}.docx", bytes(found.content))


@router.post(
    "/form-templates/versions",
    response={201: Made},
    auth=WRITES,
    operation_id="uploadFormTemplate",
    summary="Upload a template · 上传模板",
    url_name="api_form_templates",
    openapi_extra={"x-writes": "once"},
)
def upload(
    request: HttpRequest, response: HttpResponse, file: File[UploadedFile], given: FromForm[NewTemplateSent]
) -> Any:
    """A .docx with fields `{{ name }}`. Refused with everything that is wrong with it; approved by another."""
    sent = taken(file)
    once = once_of(request, same_file(sent) | given.model_dump())
    made = _made(
        request,
        response,
        once,
        "upload",
        form=given.form,
        name=sent.name,
        # One byte more than is taken says that there are too many.
        content=sent.content[: MOST_BYTES + 1],
        why=given.why,
    )
    response.headers["Location"] = f"/api/v1/form-templates/versions/{made.id}/file"
    return Status(201, made)


@router.post(
    "/form-templates/versions/{template_id}/approve",
    response=Made,
    auth=WRITES,
    operation_id="approveFormTemplate",
    summary="Approve it · 批准模板",
    url_name="api_form_template_approve",
    openapi_extra={"x-writes": "once"},
)
def approve(request: HttpRequest, response: HttpResponse, template_id: UUID, sent: ApprovedFrom) -> Made:
    """In force from a day on; never by who uploaded it."""
    return _act(request, response, template_id, sent, "approve")


@router.post(
    "/form-templates/versions/{template_id}/drop",
    response=Made,
    auth=WRITES,
    operation_id="dropFormTemplate",
    summary="It is not used · 撤下模板",
    url_name="api_form_template_drop",
    openapi_extra={"x-writes": "once"},
)
def drop(request: HttpRequest, response: HttpResponse, template_id: UUID, sent: NothingSaid) -> Made:
    """Another one can be uploaded."""
    return _act(request, response, template_id, sent, "drop")


@router.post(
    "/form-templates/versions/{template_id}/end",
    response=Made,
    auth=WRITES,
    operation_id="endFormTemplate",
    summary="Back to the shipped one · 恢复随软件的模板",
    url_name="api_form_template_end",
    openapi_extra={"x-writes": "once"},
)
def end(request: HttpRequest, response: HttpResponse, template_id: UUID, sent: ShippedAgain) -> Made:
    """After its last day the shipped one is used again. Papers that were made stay as they are."""
    return _act(request, response, template_id, sent, "end")


def _act(request: HttpRequest, response: HttpResponse, template_id: UUID, sent: Shape, verb: str) -> Made:
    return _made(
        request, response, once_of(request, sent), verb, template_id=template_id, **sent.model_dump()
    )


def _made(request: HttpRequest, response: HttpResponse, once: OnceByKey, verb: str, **values: Any) -> Made:
    actor = actor_of(request)
    answer = answered(once, response, lambda: flow.act(actor=actor, verb=verb, once=once, **values))
    return Made(**answer)


def _form(code: str) -> Form:
    found = next((each for each in forms() if each.code == code), None)
    if found is None:
        raise Problem(404, "form_not_found", _("没有这个文书。"))
    return found


def _told(row: FormTemplate) -> FormTemplateTold:
    plain = (
        "id", "form", "number", "name", "digest", "fields", "why", "drafted_at", "decided_at", "valid_from",
        "valid_until",
    )  # fmt: skip
    drafted = named(row.drafted_by)
    assert drafted is not None  # noqa: S101  somebody uploaded it
    return FormTemplateTold(
        state=TemplateState(row.state),
        drafted_by=drafted,
        decided_by=named(row.decided_by),
        **{name: getattr(row, name) for name in plain},
    )
