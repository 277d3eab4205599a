"""通知: what the acting post was told; unread first, each leading to what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fengqiao.accounts.scope import scope
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.notices.domain import reading
from fengqiao.notices.enums import Opens
from fengqiao.notices.models import Notice
from fengqiao.notices.policies import may_be_reached
from fengqiao.notices.queries.inbox import matters_of, notices_of, was_told
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.paging import key_of

MOST_UNREAD = 100
PAGE = 30


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """All that is unread, newest first, and below it what was read (``?before=`` pages it)."""
    actor = actor_of_request(request)
    found = notices_of(actor).select_related("about")
    before = key_of(request.GET.get("before", ""))
    unread = [] if before else list(found.filter(read_at=None)[: MOST_UNREAD + 1])
    earlier = found.filter(read_at__isnull=False)
    known = list((earlier.filter(pk__lt=before) if before else earlier)[: PAGE + 1])
    if not before:
        request.unread_notices = len(unread)  # type: ignore[attr-defined]
    more_unread, unread = len(unread) > MOST_UNREAD, unread[:MOST_UNREAD]
    more, known = len(known) > PAGE, known[:PAGE]
    matters = matters_of(actor, [*unread, *known])
    return render(
        request,
        "notices/notices.html",
        {
            "unread": [_row(each, matters) for each in unread],
            "more_unread": more_unread,
            "known": [_row(each, matters) for each in known],
            "next_href": f"?before={known[-1].pk}" if more else "",
            "first_href": reverse("notices") if before else "",
            "newest": unread[0].pk if unread else None,
            "may_be_reached": may_be_reached(actor),
        },
    )


@require_GET
def open_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Marks it as read and goes where it leads: the address that messages outside the house name.

    Asked for twice it does the same as once, and it is the reader's own mark alone that changes.
    """
    actor = actor_of_request(request)
    try:
        notice = reading.read(actor=actor, notice_id=notice_id)
    except NotAllowed:
        if not was_told(actor, notice_id):
            raise
        messages.info(request, _("这条通知是给您另一个岗位的，请先切换岗位，再从“通知”里打开。"))
        return redirect("choose_post")
    href = _leads_to(notice, matters_of(actor, [notice]))
    if not href:
        messages.info(request, _("您现在的岗位看不到这件事项了，通知已标为已读。"))
    return redirect(href or "notices")


@require_POST
def read(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Marks one as read, without opening it."""
    actor = actor_of_request(request)
    with scope(actor):
        reading.read(actor=actor, notice_id=notice_id)
    return redirect("notices")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks all as read that were there when the page was shown: what came since stays unread."""
    actor = actor_of_request(request)
    newest = key_of(request.POST.get("newest", ""))
    if newest is not None:
        with scope(actor):
            reading.read_all(actor=actor, newest=newest)
    return redirect("notices")


def _row(notice: Notice, matters: Mapping[UUID, Matter]) -> dict[str, Any]:
    matter = matters.get(notice.matter_id) if notice.matter_id else None
    return {"notice": notice, "matter": matter, "is_there": bool(_leads_to(notice, matters))}


def _leads_to(notice: Notice, matters: Mapping[UUID, Matter]) -> str:
    """The address of what it is about; empty where the post may not see it any more."""
    if notice.opens == Opens.WHISTLES:
        return reverse("whistles")
    if notice.opens == Opens.EXPORTS:
        return reverse("exports")
    if notice.opens == Opens.IMPORT:
        return reverse("import_run", args=[notice.subject_id])
    if notice.opens == Opens.REPORT:
        return reverse("direct_report", args=[notice.subject_id])
    if notice.opens == Opens.STUDY:
        return reverse("study", args=[notice.subject_id])
    if notice.opens == Opens.TEAMS:
        return reverse("teams")
    if notice.opens == Opens.REFERRALS:
        return reverse("referrals")
    if notice.opens == Opens.CONSULTATION:
        return reverse("consultation", args=[notice.subject_id])
    matter = matters.get(notice.matter_id) if notice.matter_id else None
    return reverse("matter", args=[matter.code]) if matter else ""
