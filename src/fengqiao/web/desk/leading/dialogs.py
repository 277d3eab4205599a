"""Forms about a matter as dialogs, and as pages of their own for whoever has no script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.kernel.errors import Refusal
from fengqiao.matters.models import Matter
from fengqiao.matters.queries.matters import by_code
from fengqiao.web.kit.forms import ask_files_again, show_refusal

# What is opened, in the audit of restricted matters.
DOOR = "leading"


def dialog(
    request: HttpRequest,
    actor: Actor,
    matter: Matter,
    *,
    form: forms.Form,
    title: str,
    act: Callable[[dict[str, Any]], str | None],
    said: str = "",
    part: str = "leading",
    back: str = "",
) -> HttpResponse:
    """Shows a form about a matter, or carries out what it says; what is refused stands beside its field.

    ``said`` is what the form is about: the words of an instruction. ``part`` of the page is shown afterwards,
    or the address ``back``, or the one that ``act`` returns.
    """
    status = 422 if request.method == "POST" else 200
    with scope(actor):
        is_sent = request.method == "POST" and form.is_valid()
    if is_sent:
        try:
            # Forms that know better than their fields what is meant say so.
            leads = act(form.values() if hasattr(form, "values") else form.cleaned_data)
        except Refusal as refusal:
            show_refusal(form, refusal)
            status = refusal.status
        else:
            done = _("%(action)s：已完成。%(code)s") % {"action": title, "code": matter.code}
            messages.success(request, done)
            return _go(request, actor, matter, part, leads or back)
    ask_files_again(form)
    with scope(actor):
        context = {"title": title, "form": form, "target": request.path, "matter": matter, "said": said}
        whole = "HX-Request" not in request.headers
        template = "leading/step_page.html" if whole else "leading/step.html"
        return render(request, template, context, status=status)


def _go(request: HttpRequest, actor: Actor, matter: Matter, part: str, back: str) -> HttpResponse:
    with scope(actor):
        still = by_code(actor, matter.code) is not None
    page = back or f"{reverse('matter', args=[matter.code])}#{part}"
    url = page if still else reverse("my_work")
    if "HX-Request" not in request.headers:
        return redirect(url)
    response = HttpResponse(status=204)
    # The same page with another fragment would not be asked for anew.
    response.headers["HX-Redirect"] = url.partition("#")[0]
    return response
