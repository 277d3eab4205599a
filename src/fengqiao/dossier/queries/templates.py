"""A county's own templates of forms: which is in force, which waits, what there was."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.dossier.enums import TemplateState
from fengqiao.dossier.models import FormTemplate
from fengqiao.kernel.errors import NotAllowed


def in_force(county: str, on: date) -> QuerySet[FormTemplate]:
    """The county's templates of a day: one a form, the newest where two would hold."""
    return (
        FormTemplate.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
            county=county,
            state=TemplateState.APPROVED,
            valid_from__lte=on,
        )
        .order_by("form", "-valid_from", "-number")
        .distinct("form")
    )


def own_templates(county: str, on: date) -> dict[str, bytes]:
    """The files of a day by form, for whoever fills them."""
    return {each.form: bytes(each.content) for each in in_force(county, on)}


def versions_of(actor: Actor, form: str = "") -> QuerySet[FormTemplate]:
    """The county's versions without their files, newest first."""
    found = FormTemplate.objects.filter(county=actor.county).defer("content")
    found = found.filter(form=form) if form else found
    return found.select_related("drafted_by", "decided_by").order_by("form", "-number")


def version_by_id(actor: Actor, template_id: UUID) -> FormTemplate:
    """One of them with its file; ``NotAllowed`` for another county's."""
    found = FormTemplate.objects.filter(county=actor.county, pk=template_id).first()
    if found is None:
        raise NotAllowed("template_not_found", _("没有这个模板，或您的岗位看不到它。"))
    return found
