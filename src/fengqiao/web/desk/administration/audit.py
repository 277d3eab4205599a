"""The auditor's screen: who did, tried or saw what. References only: the auditor reads no matter."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.policies import may_read_audit
from fengqiao.audit.enums import Result
from fengqiao.audit.models import Entry
from fengqiao.audit.queries import entries as query
from fengqiao.kernel.errors import NotAllowed
from fengqiao.web.desk.administration.forms import EntryForm
from fengqiao.web.desk.administration.verbs import in_words, subject_in_words
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.paging import filled, in_figures

NOBODY = UUID(int=0)


@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """The entries of the counties in reach, newest first."""
    actor = actor_of_request(request)
    if not may_read_audit(actor):
        raise NotAllowed("post_may_not_read_audit", _("审计记录只有审计管理员能看。"))
    form = EntryForm(filled(EntryForm, request.GET))
    valid = form.is_valid()
    wanted = form.to_filter() if valid else query.EntryFilter()
    # What cannot be looked for finds nothing, rather than everything.
    page = query.page(actor, wanted, cursor=request.GET.get("cursor", "")) if valid else None
    number, more = query.count(actor, wanted) if valid else (0, False)
    people = query.names_in(page.rows) if page else {}
    here, asked = reverse("audit"), wanted.as_query()
    context = {
        "form": form,
        "rows": [_row(entry, people, asked) for entry in page.rows] if page else [],
        "number": in_figures(number, more),
        "asked": asked,
        "is_open": bool(asked or form.errors),
        "next_href": f"{here}?{urlencode(asked | {'cursor': page.next_cursor})}"
        if page and page.next_cursor
        else "",
        "first_href": "" if page is None or page.is_first else f"{here}?{urlencode(asked)}",
    }
    return render(request, "administration/audit.html", context)


def _row(entry: Entry, people: dict[UUID, Person], asked: dict[str, str]) -> dict[str, Any]:
    details = query.details_of(entry)
    kind, reference = subject_in_words(entry.subject)
    named = people.get(UUID(reference)) if entry.subject.startswith("person:") else None
    return {
        "entry": entry,
        "who": _who(entry, people),
        "role": Role(entry.role).label if entry.role in Role.values and entry.person_id != NOBODY else "",
        "what": in_words(entry.verb, details),
        "kind": kind,
        "reference": named.name if named else reference,
        "subject_href": _with(asked, subject=entry.subject) if kind else "",
        "refused": entry.result == Result.REFUSED,
        "code": details.get("code", "") if entry.result == Result.REFUSED else "",
    }


def _who(entry: Entry, people: dict[UUID, Person]) -> str:
    if entry.person_id == NOBODY or entry.person_id is None:
        return _("没有登录的人") if entry.verb == "person.sign_in_failed" else _("本机命令")
    person = people.get(entry.person_id)
    return person.name if person else str(entry.person_id)


def _with(asked: dict[str, str], **more: str) -> str:
    return f"{reverse('audit')}?{urlencode(asked | more)}"
