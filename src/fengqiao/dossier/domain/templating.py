"""A county's own templates: uploaded by one, put in force by another, ended again."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.dossier.enums import TemplateState
from fengqiao.dossier.forms import Form, forms
from fengqiao.dossier.models import FormTemplate
from fengqiao.dossier.own_templates import look_through
from fengqiao.dossier.policies import may_approve_templates, may_draft_templates
from fengqiao.dossier.queries.templates import version_by_id
from fengqiao.kernel import clock
from fengqiao.kernel.crypto import sm3
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.wording import needed


def upload(*, actor: Actor, form: str, name: str, content: bytes, why: str) -> FormTemplate:
    """Keeps a draft that was looked through. Refused with every fault of the file, and while another one waits."""
    _check(may_draft_templates(actor))
    described = form_of(form)
    why = needed("why", why, _("请写明为什么改用本县的模板。"), shortest=4)
    looked = look_through(described, content)
    if looked.wrong:
        raise Invalid({"content": " ".join(looked.wrong)}, code="template_wrong")
    versions = FormTemplate.objects.filter(county=actor.county, form=form)
    if versions.filter(state=TemplateState.DRAFT).exists():
        raise Refusal("template_waits", _("这个文书已有一个模板等待批准，请先批准或者撤下。"))
    number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    made = FormTemplate.objects.create(
        county=actor.county,
        form=form,
        number=number,
        name=name[-100:],
        content=content,
        digest=sm3(content).hex(),
        fields=list(looked.fields),
        why=why,
        drafted_by_id=actor.person_id,
        drafted_at=clock.now(),
    )
    _tell(actor, made, "template.upload")
    return made


def approve(*, actor: Actor, template_id: UUID, valid_from: date) -> FormTemplate:
    """Puts a draft in force from a day on, today at the earliest; the version before it ends the day before.

    Never by who uploaded it. The file is looked through once more: the forms may have changed since.
    """
    _check(may_approve_templates(actor))
    draft = _draft(actor, template_id)
    if draft.drafted_by_id == actor.person_id:
        raise NotAllowed("template_by_another", _("模板由另一位领导批准，上传的人不能自己批准。"))
    if valid_from < clock.today():
        raise Invalid({"valid_from": _("生效日期不能早于今天。")})
    looked = look_through(form_of(draft.form), bytes(draft.content))
    if looked.wrong:
        raise Invalid({"content": " ".join(looked.wrong)}, code="template_wrong")
    others = FormTemplate.objects.filter(county=actor.county, form=draft.form, state=TemplateState.APPROVED)
    # One that was ended before its first day was never used: it stands in nobody's way.
    if others.filter(valid_from__gte=valid_from).exclude(valid_until__lt=F("valid_from")).exists():
        raise Refusal("later_template", _("已有一个模板从这一天或者以后生效。"), field="valid_from")
    others.filter(valid_until__isnull=True).update(valid_until=valid_from - timedelta(days=1))
    _change(draft, actor, state=TemplateState.APPROVED, valid_from=valid_from)
    _tell(actor, draft, "template.approve", valid_from=valid_from.isoformat())
    return draft


def drop(*, actor: Actor, template_id: UUID) -> FormTemplate:
    """A draft is not used."""
    _check(may_draft_templates(actor))
    draft = _draft(actor, template_id)
    _change(draft, actor, state=TemplateState.DROPPED)
    _tell(actor, draft, "template.drop")
    return draft


def end(*, actor: Actor, template_id: UUID, last_day: date) -> FormTemplate:
    """Back to the shipped template after a day, yesterday at the earliest."""
    _check(may_approve_templates(actor))
    found = version_by_id(actor, template_id)
    if found.state != TemplateState.APPROVED or found.valid_until is not None:
        raise Refusal("template_not_in_force", _("这个模板没有在用，或者已经定了停用日期。"))
    if last_day < clock.today() - timedelta(days=1):
        raise Invalid({"last_day": _("停用日期不能早于昨天。")})
    FormTemplate.objects.filter(pk=found.pk).update(valid_until=last_day)
    _tell(actor, found, "template.end", last_day=last_day.isoformat())
    return found


def form_of(code: str) -> Form:
    """The described form; ``Invalid`` (``form``) where there is none."""
    found = next((each for each in forms() if each.code == code), None)
    if found is None:
        raise Invalid({"form": _("请选择文书。")})
    return found


def _draft(actor: Actor, template_id: UUID) -> FormTemplate:
    version_by_id(actor, template_id)
    found = (
        FormTemplate.objects.select_for_update(no_key=True)
        .filter(pk=template_id, state=TemplateState.DRAFT)
        .first()
    )
    if found is None:
        raise Refusal("template_decided", _("这个模板已经批准或者撤下。"))
    return found


def _change(draft: FormTemplate, actor: Actor, **values: object) -> None:
    FormTemplate.objects.filter(pk=draft.pk).update(
        decided_by_id=actor.person_id, decided_at=clock.now(), **values
    )
    draft.refresh_from_db(fields=["state", "valid_from", "decided_by", "decided_at"])


def _check(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(
            "templates_not_allowed", _("文书模板由县、市中心的领导和调度岗上传，由主任或常务副主任批准。")
        )


def _tell(actor: Actor, template: FormTemplate, verb: str, **details: object) -> None:
    record(
        actor=actor,
        verb=verb,
        subject=f"template:{template.pk}",
        county=template.county,
        details={"form": template.form, "number": template.number, "sm3": template.digest, **details},
    )
