"""Choice of post, choice of language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from fengqiao.accounts.domain.people import speak
from fengqiao.accounts.enums import Role
from fengqiao.accounts.marks import without_post
from fengqiao.flows import sign_in as flow
from fengqiao.flows.acting import POST_KEY
from fengqiao.kernel.errors import Refusal
from fengqiao.places.queries.acting import place_label


@without_post
def arriving(request: HttpRequest) -> HttpResponse:
    """The line that tells how far the demo's county has come; nothing when it is there, and the line goes."""
    # Who was signed out meanwhile keeps their page: a redirect would put the sign-in page into the line.
    if not request.user.is_authenticated:
        return HttpResponse()
    return render(request, "frame/arriving.html")


@without_post
def choose_post(request: HttpRequest) -> HttpResponse:
    """A person with several posts says as which one they act; the page shows it from then on."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    refusal = None
    if request.method == "POST":
        try:
            chosen = flow.choose_post(person_id=request.user.pk, chosen=request.POST.get("post", ""))
        except Refusal as refused:
            refusal = refused
        else:
            request.session[POST_KEY] = str(chosen.id)
            return redirect("my_work")
    choices = [
        {"id": each.id, "role": Role(each.post.role).label, "place": place_label(each)}
        for each in request.stationings  # type: ignore[attr-defined]
    ]
    return render(
        request,
        "frame/choose_post.html",
        {"choices": choices, "refusal": refusal},
        status=refusal.status if refusal else 200,
    )


@without_post
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Changes the language of the pages, and keeps it for the person's next sign-in."""
    response = set_language(request)
    chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen is not None and request.user.is_authenticated:
        speak(request.user, chosen.value)
    return response
