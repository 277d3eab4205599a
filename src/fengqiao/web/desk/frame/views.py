"""Health, choice of post."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from fengqiao.accounts.enums import Role
from fengqiao.places.queries.acting import place_label
from fengqiao.web.kit.acting import POST_KEY, without_post


@without_post
def health(request: HttpRequest) -> JsonResponse:
    """Whether this process reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@without_post
def choose_post(request: HttpRequest) -> HttpResponse:
    """A person with several posts says as which one they act; the page shows it from then on."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    if request.method == "POST":
        chosen = request.POST.get("post", "")
        if chosen in {str(each.id) for each in request.stationings}:  # type: ignore[attr-defined]
            request.session[POST_KEY] = chosen
            return redirect("my_work")
    choices = [
        {"id": each.id, "role": Role(each.post.role).label, "place": place_label(each)}
        for each in request.stationings  # type: ignore[attr-defined]
    ]
    return render(request, "frame/choose_post.html", {"choices": choices})
