"""The security administrator's screen: who can sign in, as what, and what is done for their access."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.domain.lockout import locked
from fengqiao.accounts.enums import Role
from fengqiao.accounts.models import Person
from fengqiao.accounts.policies import may_keep_people, second_factor_roles
from fengqiao.accounts.queries.elsewhere import linked_since
from fengqiao.accounts.queries.second_factor import second_factors_of
from fengqiao.accounts.scope import scope
from fengqiao.flows.people import Care, care
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.places.domain.enrolments import masked_telephone
from fengqiao.places.queries import people as query
from fengqiao.places.queries.acting import place_label
from fengqiao.web.desk.administration import told_once
from fengqiao.web.desk.administration.forms import PeopleForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.paging import filled, in_figures


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a post in the administrator's division."""
    actor = administrator(request)
    form = PeopleForm(actor, filled(PeopleForm, request.GET))
    wanted = form.to_filter() if form.is_valid() else query.PeopleFilter()
    page = query.page(actor, wanted, cursor=request.GET.get("cursor", ""))
    number, more = query.count(actor, wanted)
    out = locked(page.rows)
    here, asked = reverse("people"), wanted.as_query()
    context = {
        "form": form,
        "rows": [_row(person, out) for person in page.rows],
        "number": in_figures(number, more),
        "waiting": query.waiting(query.in_reach(actor)).count(),
        "asked": asked,
        "is_open": bool(asked or form.errors),
        "next_href": f"{here}?{urlencode(asked | {'cursor': page.next_cursor})}" if page.next_cursor else "",
        "first_href": "" if page.is_first else f"{here}?{urlencode(asked)}",
    }
    return render(request, "administration/people.html", context)


@require_GET
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person: their posts, how they sign in, and what can be done for their access."""
    actor = administrator(request)
    done, password = told_once.take(request.session, about=person_id)
    return _person(request, actor, person_id, done=Care(done) if done else None, password=password)


@require_POST
def care_for(request: HttpRequest, person_id: UUID, what: str) -> HttpResponse:
    """Does it, and leads back to the person: a new first password stands on that page once, and never again."""
    actor = actor_of_request(request)
    if what not in Care.values:
        raise Http404
    try:
        told = care(actor=actor, person_id=person_id, what=Care(what))
    except Refusal as refusal:
        if not may_keep_people(actor) or refusal.code == "person_not_found":
            raise
        with scope(actor):
            return _person(request, actor, person_id, refusal=refusal)
    told_once.keep(request.session, about=person_id, done=what, secret=told)
    return redirect("person", person_id)


def administrator(request: HttpRequest) -> Actor:
    """The acting security administrator; refuses every other post."""
    actor = actor_of_request(request)
    if not may_keep_people(actor):
        raise NotAllowed("post_may_not_keep_people", _("人员账号由安全管理员管理。"))
    return actor


def _row(each: Person, out: set[UUID]) -> dict[str, Any]:
    today = clock.today()
    posts = [_post(p, today) for p in each.stationings.all()]
    return {
        "person": each,
        "posts": [p for p in posts if p["runs"]],
        "has_no_post": not any(p["runs"] for p in posts),
        "has_second_factor": each.has_second_factor,  # type: ignore[attr-defined]
        "needs_second_factor": bool(query.roles_held(each, today) & second_factor_roles()),
        "is_locked": each.pk in out,
    }


def _post(stationing: Any, today: date) -> dict[str, Any]:
    home = stationing.home_department
    return {
        "pk": stationing.pk,
        "role": Role(stationing.post.role).label,
        "place": place_label(stationing),
        "home": home.short_name if home else "",
        "since": stationing.valid_from,
        "until": stationing.valid_until,
        "runs": query.is_running(stationing, today),
        "is_over": stationing.valid_until is not None and stationing.valid_until < today,
    }


def _person(
    request: HttpRequest,
    actor: Actor,
    person_id: UUID,
    *,
    refusal: Refusal | None = None,
    done: Care | None = None,
    password: str | None = None,
) -> HttpResponse:
    found = query.with_posts(query.in_reach(actor)).filter(pk=person_id).first()
    if found is None:
        raise NotAllowed("person_not_found", _("您管理的范围内没有这个人。"))
    row = _row(found, locked([found]))
    linked = linked_since(person_id)
    out_of_reach = query.person_in_reach(actor=actor, person_id=person_id)
    context = row | {
        "row": row,
        "posts": [_post(p, clock.today()) for p in found.stationings.all()],
        "factors": second_factors_of(person_id),
        "linked": linked,
        "telephone": masked_telephone(getattr(found, "enrolment", None)),
        "acts": [] if out_of_reach or found.pk == actor.person_id else _acts(row, linked=linked is not None),
        "may_act": not out_of_reach and found.pk != actor.person_id,
        "why_not": _("这是您自己的账号，请另一位安全管理员来办。")
        if found.pk == actor.person_id
        else (out_of_reach.message if out_of_reach else ""),
        "refusal": refusal,
        "done": done,
        "password": password,
    }
    return render(request, "administration/person.html", context, status=refusal.status if refusal else 200)


def _acts(row: dict[str, Any], *, linked: bool) -> list[dict[str, Any]]:
    each: Person = row["person"]
    offered: list[tuple[Care, str]] = []
    if row["is_locked"]:
        offered.append((Care.UNLOCK, _("连续登录失败后被锁定，解除后可以马上再登录。")))
    if not each.is_machine:
        offered.append(
            (Care.SET_FIRST_PASSWORD, _("原密码作废，正在使用的登录全部退出；本人登录后必须先改密码。"))
        )
    if row["has_second_factor"]:
        offered.append(
            (
                Care.RESET_SECOND_FACTOR,
                _("手机或安全密钥丢失时用：第二重验证和备用码全部作废，正在使用的登录全部退出。"),
            )
        )
    if linked:
        offered.append(
            (Care.UNLINK, _("在统一身份认证那边换了账号时用：正在使用的登录全部退出，下次按登录名重新绑定。"))
        )
    if each.is_active:
        offered.append((Care.DEACTIVATE, _("不能再登录，正在使用的登录马上退出；办过的事留在记录里。")))
    else:
        offered.append((Care.REACTIVATE, _("可以再登录，岗位仍按任职日期。")))
    return [
        {
            "what": what,
            "label": what.label,
            "note": note,
            "is_grave": what is Care.DEACTIVATE,
            "href": reverse("person_care", args=[each.pk, what]),
        }
        for what, note in offered
    ]
