"""抽查: draws of the centre's closed files, one file against the checklist, and the numbers that open into answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.flows import sampling as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.reviews.domain.sampling import digest_of, drawn
from fengqiao.reviews.enums import Answer, SampleAction
from fengqiao.reviews.models import CheckedItem, Sample
from fengqiao.reviews.policies import MENDERS, check_may_sample, may_draw
from fengqiao.reviews.queries import sampling as query
from fengqiao.rules.queries.checklist import all_items, items_for
from fengqiao.web.desk.reviews.forms import CheckForm, DrawForm, MendForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG, show_refusal

MOST = 50


@require_http_methods(["GET", "POST"])
def samples(request: HttpRequest) -> HttpResponse:
    """The draws of the centre, and the form that draws anew."""
    actor = actor_of_request(request)
    check_may_sample(actor)
    form, status = DrawForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = flow.draw(actor=actor, **form.cleaned_data)
            except NotAllowed:
                raise
            except Refusal as refusal:
                show_refusal(form, refusal)
                status = refusal.status
            else:
                return redirect("sample", sample_id=made.pk)
    with scope(actor):
        context = {
            "rows": list(query.samples_of(actor)[:MOST]),
            "form": form if may_draw(actor) else None,
            "items": list(all_items().values()),
        }
        return render(request, "reviews/samples.html", context, status=status)


@require_GET
def sample(request: HttpRequest, sample_id: UUID) -> HttpResponse:
    """One draw: its numbers, each of which opens into its answers, and its files."""
    actor = actor_of_request(request)
    found = _sample(actor, sample_id)
    files = list(query.files_of(actor, found))
    asked = request.GET
    item = asked.get("item", "") if asked.get("item", "") in all_items() else ""
    answer = asked.get("answer", "") if asked.get("answer", "") in Answer.values else ""
    to_mend = bool(asked.get("to_mend"))
    answers = None
    if item or answer or to_mend:
        answers = query.answers_of(actor, found, item=item, answer=answer, to_mend=to_mend)
    codes = {
        each.code for each in query.closed_files(found.centre_id, actor.counties, found.first, found.last)
    }
    same = digest_of(sorted(codes)) == found.digest
    figures = query.figures_of(actor, found)
    context = {
        "sample": found,
        "files": files,
        "checked": sum(1 for each in files if each.checked_at),
        "figures": [_figures(each, found) for each in figures],
        "to_mend": sum(each.to_mend for each in figures),
        "to_mend_href": f"{reverse('sample', args=[found.pk])}?to_mend=1#answers",
        "answers": [_answer(actor, each) for each in answers] if answers is not None else None,
        # The same files still lie there: the seed can be tried.
        "is_same": same,
        "draws_again": same
        and drawn(found.seed, sorted(codes), found.wanted) == [each.matter.code for each in files],
    }
    return render(request, "reviews/sample.html", context)


@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, sample_id: UUID, file_id: UUID) -> HttpResponse:
    """One file against the checklist; once checked, what was found."""
    actor = actor_of_request(request)
    with scope(actor):
        found = _sample(actor, sample_id)
        row = query.files_of(actor, found).filter(pk=file_id).first()
        if row is None:
            raise NotAllowed("sampled_not_found", _("抽查中没有这一卷，或您的岗位看不到它。"))
        matter = opened(actor, row.matter.code, door="sample")
        items = items_for(matter.outcome, clock.today())
        answers = list(CheckedItem.objects.filter(file=row).select_related("file__matter"))
    form, status = CheckForm(request.POST or None, items=items), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                flow.check(actor=actor, file_id=file_id, answers=form.answers())
            except Refusal as refusal:
                show_refusal(form, refusal, fields={item.id: f"{item.id}-remark" for item in items})
                status = refusal.status
            else:
                messages.success(request, _("检查结果已经写下。"))
                return redirect("sample", sample_id=sample_id)
    with scope(actor):
        context = {
            "sample": found,
            "file": row,
            "matter": matter,
            "form": form,
            "rows": form.rows(),
            "answers": [_answer(actor, each) for each in answers],
        }
        return render(request, "reviews/sampled_file.html", context, status=status)


@require_http_methods(["GET", "POST"])
def mend(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The centre says how it put right what was found."""
    actor = actor_of_request(request)
    check_may_sample(actor)
    with scope(actor):
        found = CheckedItem.objects.filter(pk=item_id).select_related("file__matter").first()
        sample_ = _sample(actor, found.file.sample_id) if found else None
        if found is None or sample_ is None:
            raise NotAllowed("sampled_not_found", _("抽查中没有这一卷，或您的岗位看不到它。"))
        matter = opened(actor, found.file.matter.code, door="sample")
    form, status = MendForm(request.POST or None, auto_id=IN_DIALOG), 200
    way = f"{reverse('sample', args=[sample_.pk])}?to_mend=1"
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                flow.mend(actor=actor, item_id=item_id, **form.cleaned_data)
            except Refusal as refusal:
                show_refusal(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("整改情况已经写下。"))
                if "HX-Request" not in request.headers:
                    return redirect(way)
                response = HttpResponse(status=204)
                response.headers["HX-Redirect"] = way
                return response
    with scope(actor):
        item = all_items().get(found.item)
        context = {
            "title": str(SampleAction.MEND.label),
            "facts": [item.question if item else found.item, found.remark],
            "form": form,
            "target": request.path,
            "matter": matter,
        }
        whole = "HX-Request" not in request.headers
        template = "supervision/step_page.html" if whole else "supervision/step.html"
        return render(request, template, context, status=status)


def _sample(actor: Actor, sample_id: UUID) -> Sample:
    check_may_sample(actor)
    found = query.samples_of(actor).filter(pk=sample_id).first()
    if found is None:
        raise NotAllowed("sample_not_found", _("没有这次抽查，或不是本中心的。"))
    return found


def _figures(each: query.ItemFigures, found: Sample) -> dict[str, Any]:
    here = reverse("sample", args=[found.pk])

    def way(**asked: str) -> str:
        return f"{here}?{urlencode({'item': each.item.id} | asked)}#answers"

    return {
        "item": each.item,
        "numbers": [
            (each.yes, way(answer=Answer.YES)),
            (each.no, way(answer=Answer.NO)),
            (each.na, way(answer=Answer.NA)),
            (each.to_mend, way(to_mend="1")),
        ],
    }


def _answer(actor: Actor, answer: CheckedItem) -> dict[str, Any]:
    item = all_items().get(answer.item)
    waits = answer.answer == Answer.NO and answer.mended_at is None
    return {
        "answer": answer,
        "question": item.question if item else answer.item,
        "matter": answer.file.matter,
        "is_late": waits and answer.mend_by is not None and answer.mend_by < clock.today(),
        "mend": reverse("sample_mend", args=[answer.pk]) if waits and actor.role in MENDERS else "",
    }
