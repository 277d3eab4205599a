"""The ledger: every matter one may see, filtered, newest first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.kernel import clock, identity
from fengqiao.kernel.codes import MATTER_CODE
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter
from fengqiao.matters.queries import ledger as query
from fengqiao.matters.queries.ledger import LONGEST_SEQUENCE, LedgerFilter
from fengqiao.matters.queries.lights import light_of
from fengqiao.matters.queries.matters import by_code
from fengqiao.matters.queries.saved_views import no_longer_there, views_of
from fengqiao.rules.queries.categories import label as category_label
from fengqiao.web.desk.bulk.offers import offered_in_bulk
from fengqiao.web.desk.ledger.forms import FilterForm, PartyForm
from fengqiao.web.kit.acting import actor_of_request

# Offered on the ledger itself; the page of views has them all.
SHOWN_VIEWS = 50


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The filtered list; every number elsewhere opens into an address of this page."""
    actor = reader(request)
    form = FilterForm({**blank(), **request.GET.dict()}, actor=actor)
    form.is_valid()
    wanted = form.wanted()
    matching = query.matching(actor, wanted)
    page = query.page(actor, wanted, found=matching, cursor=request.GET.get("cursor", ""))
    number, more = query.count(actor, wanted, found=matching)
    here, asked = reverse("ledger"), wanted.as_query()
    saved = list(views_of(actor)[:SHOWN_VIEWS])
    opened = next((each for each in saved if str(each.pk) == request.GET.get("view")), None)
    gone = no_longer_there(opened.asked) if opened else []
    return render(
        request,
        "ledger/ledger.html",
        {
            "views": saved,
            "opened": opened,
            "gone": [form.fields[name].label for name in gone if name in form.fields],
            **filters_of(form, opened="filters" in request.GET),
            "rows": [_row(m) for m in page.rows],
            "bulk": offered_in_bulk(actor),
            "number": f"{number:,}+" if more else f"{number:,}",
            "asked": in_words(form, wanted),
            "export_query": urlencode(asked),
            "next_href": f"{here}?{urlencode(asked | {'cursor': page.next_cursor})}"
            if page.next_cursor
            else "",
            "first_href": "" if page.is_first else f"{here}?{urlencode(asked)}",
        },
    )


@require_GET
def filters(request: HttpRequest) -> HttpResponse:
    """The filters alone, for whoever opens them on the ledger."""
    form = FilterForm({**blank(), **request.GET.dict()}, actor=reader(request))
    form.is_valid()
    return render(request, "ledger/filters.html", filters_of(form))


def filters_of(form: FilterForm, *, opened: bool = False) -> dict[str, Any]:
    """What the filters' template needs; with an error beside a field they are open at once."""
    return {"form": form, "party_form": PartyForm(), "filters_open": opened or bool(form.errors)}


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """The search field of every page. A code opens its matter; a party's number stays out of addresses."""
    actor = reader(request)
    text = request.POST.get("q", "").strip()
    with scope(actor):
        if MATTER_CODE.match(text):
            if by_code(actor, text) is not None:
                return redirect("matter", code=text)
        elif identity.is_number(text) and not (text.isdigit() and len(text) <= LONGEST_SEQUENCE):
            return _of_party(request, actor, text)
    return redirect(f"{reverse('ledger')}?{urlencode({'q': text} if text else {})}")


@require_POST
def party(request: HttpRequest) -> HttpResponse:
    """Matters of a party by exact number, asked in the body: it stands in no address and no log."""
    actor = reader(request)
    form = PartyForm(request.POST)
    with scope(actor):
        if form.is_valid():
            return _of_party(request, actor, form.cleaned_data["party"], form.cleaned_data["cursor"])
        return _of_party(request, actor, "", form=form, status=422)


def _of_party(
    request: HttpRequest,
    actor: Actor,
    number: str,
    cursor: str = "",
    *,
    form: PartyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    wanted = LedgerFilter(party=number)
    page = query.page(actor, wanted, cursor=cursor) if number else query.Page([], "", True)
    found, more = query.count(actor, wanted) if number else (0, False)
    context = {
        "party_form": form or PartyForm({"party": number, "cursor": page.next_cursor}),
        "rows": [_row(m) for m in page.rows],
        "number": f"{found:,}+" if more else f"{found:,}",
        "has_next": bool(page.next_cursor),
        "has_more": more,
    }
    return render(request, "ledger/party.html", context, status=status)


def reader(request: HttpRequest) -> Actor:
    """Who reads the ledger; raises ``NotAllowed`` for administrators."""
    actor = actor_of_request(request)
    if actor.is_administrator:
        raise NotAllowed("administrators_read_no_matter", _("管理员岗位不能查看事项。"))
    return actor


def _row(matter: Matter) -> dict[str, Any]:
    return {
        "matter": matter,
        "category": category_label(matter.category) if matter.category else "",
        "days": (clock.now() - matter.state_since).days if matter.is_open else None,
        "light": light_of(matter.yellow_at, matter.due_at, clock.now()),
    }


def blank() -> dict[str, str]:
    """Every filter unset."""
    return dict.fromkeys(FilterForm.base_fields, "")


def in_words(form: FilterForm, wanted: LedgerFilter) -> list[dict[str, Any]]:
    """Each filter that is set, in words, with the address without it."""
    here, asked = reverse("ledger"), wanted.as_query()
    shown = []
    for name, value in asked.items():
        field = form.fields[name]
        words = _flat(getattr(field, "choices", [])).get(value, value)
        rest = {other: kept for other, kept in asked.items() if other != name}
        shown.append({"label": field.label, "value": words, "without": f"{here}?{urlencode(rest)}"})
    return shown


def _flat(offered: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for value, label in offered:
        if isinstance(label, list | tuple):
            found |= {str(inner): words for inner, words in label}
        else:
            found[str(value)] = label
    return found
