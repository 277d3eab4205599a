"""Writing a draft: as a table in the browser, or as a workbook that is downloaded, changed and sent in."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope
from fengqiao.exchange.domain.rule_sheets import read_workbook
from fengqiao.flows import rule_tables as flow
from fengqiao.kernel.errors import NotAllowed, Refusal
from fengqiao.rules import vocabulary
from fengqiao.rules.deciding import problems_of
from fengqiao.rules.enums import TableKind, VersionState
from fengqiao.rules.models import TableVersion
from fengqiao.rules.policies import check_may_draft
from fengqiao.rules.queries.tables import table_of
from fengqiao.rules.vocabulary import INPUTS
from fengqiao.web.desk.rules.forms import UploadForm
from fengqiao.web.desk.rules.typed import EXAMPLES, ROWS, TypedTable
from fengqiao.web.desk.rules.views import found_version, reader
from fengqiao.web.kit.forms import show_refusal

# A button that turns the page: "page-rows-2".
TURNS = "page-"
# How a cell is written, shown beside the editor: what is typed, and when it holds.
WAYS = (
    ("'violence', 'self_harm'", gettext_lazy("代码是其中之一")),
    ("contains($, 'report')", gettext_lazy("几个代码里有它")),
    ("contains($, 'suggest') and not contains($, 'resolve')", gettext_lazy("有前一个，没有后一个")),
    (">= 3", gettext_lazy("三或以上")),
    ("$ != null and $ >= 10", gettext_lazy("填写了，并且是十或以上")),
    ("$ != null and startsWith($, '14')", gettext_lazy("纠纷类型以这两位数字开头")),
    ("true", gettext_lazy("是")),
)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The draft as a table; what is wrong stands beside its cell, and may be put right later."""
    actor = reader(request)
    check_may_draft(actor)
    with scope(actor):
        draft = own_draft(actor, found_version(actor, version_id))
    kind, table = TableKind(draft.kind), table_of(draft)
    if request.method != "POST":
        pages = {part: _number(request.GET.get(part, "")) for part in (ROWS, EXAMPLES)}
        typed = TypedTable.of(kind, table.rows, table.examples, draft.note, pages)
        typed.problems = problems_of(kind, table.rows, table.examples)
        return _page(request, actor, draft, typed)
    typed = TypedTable.sent(kind, table.rows, table.examples, request.POST)
    op = request.POST.get("op", "")
    if op and op not in ("save", "submit") and not op.startswith(TURNS):
        typed.apply(op)
        typed.problems = problems_of(kind, typed.to_rows(), typed.to_examples())
        return _page(request, actor, draft, typed, seen=request.POST.get("version", ""))
    return _save(request, actor, draft, typed, op)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The draft from a workbook: what it holds is the draft from now on."""
    actor = reader(request)
    check_may_draft(actor)
    with scope(actor):
        draft = own_draft(actor, found_version(actor, version_id))
    if request.method != "POST":
        with scope(actor):
            return _upload_page(request, draft, UploadForm(initial={"version": draft.version}))
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            rows, examples = read_workbook(draft.kind, form.cleaned_data["file"].read())
            flow.rewrite(
                actor=actor,
                version_id=draft.pk,
                version=form.cleaned_data["version"],
                rows=rows,
                examples=examples,
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("已按表格更新草案，请核对。"))
            return redirect("rule_edit", draft.pk)
    with scope(actor):
        return _upload_page(request, draft, form, status=422)


def _save(
    request: HttpRequest, actor: Actor, draft: TableVersion, typed: TypedTable, op: str
) -> HttpResponse:
    """Saves what was typed, then submits it or turns the page where the button says so (``page-rows-2``)."""
    said = request.POST.get("version", "")
    seen = int(said) if said.isdecimal() and len(said) < 10 else 0
    problem = ""
    try:
        saved = flow.rewrite(
            actor=actor,
            version_id=draft.pk,
            version=seen,
            rows=typed.to_rows(),
            examples=typed.to_examples(),
            note=typed.note,
        )
        seen = saved.version
        if op == "submit":
            flow.submit(actor=actor, version_id=draft.pk, version=seen)
            messages.success(request, _("已提交，等另一位主任或常务副主任批准。"))
            return redirect("rule_version", draft.pk)
    except NotAllowed:
        raise
    except Refusal as refusal:
        problem = " ".join(map(str, getattr(refusal, "errors", {}).values())) or str(refusal.message)
        status = refusal.status
    else:
        messages.success(request, _("草案已保存。"))
        return redirect(_address(draft, typed, op))
    typed.problems = problems_of(typed.kind, typed.to_rows(), typed.to_examples())
    return _page(request, actor, draft, typed, seen=str(seen), problem=problem, status=status)


def _address(draft: TableVersion, typed: TypedTable, op: str) -> str:
    """The editor's page that is read next: the one that a button asks for, else the one that was typed."""
    pages = {part: typed.page(part) for part in (ROWS, EXAMPLES)}
    part, _dash, said = op.removeprefix(TURNS).partition("-")
    turned = op.startswith(TURNS) and part in pages
    if turned:
        pages[part] = _number(said)
    asked = urlencode({part: str(page) for part, page in pages.items() if page > 1})
    return (
        reverse("rule_edit", args=[draft.pk])
        + (f"?{asked}" if asked else "")
        + (f"#{part}" if turned else "")
    )


def _number(said: str) -> int:
    return max(1, int(said)) if said.isdecimal() and len(said) < 4 else 1


def own_draft(actor: Actor, draft: TableVersion) -> TableVersion:
    """The version, which the actor writes; raises ``NotAllowed`` or ``Refusal`` where that is not so."""
    if draft.state != VersionState.DRAFT:
        raise Refusal(
            "table_state", _("这一版现在是“%(state)s”，不能这样做。") % {"state": draft.get_state_display()}
        )
    if draft.author_id != actor.person_id:
        raise NotAllowed("not_the_author", _("草案由起草人自己修改；您可以撤下它，另起一份。"))
    return draft


def _page(
    request: HttpRequest,
    actor: Actor,
    draft: TableVersion,
    typed: TypedTable,
    *,
    seen: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    shape = vocabulary.shape_of(draft.kind)
    context = {
        "draft": draft,
        "kind": typed.kind,
        "typed": typed,
        "seen": seen or draft.version,
        "problem": problem,
        "rows": typed.rows(),
        "examples": typed.examples(),
        "windows": [
            (part, len(typed.before[part]), typed.span[part], len(typed.values[part]))
            for part in (ROWS, EXAMPLES)
        ],
        "pages": {part: typed.pages(part) for part in (ROWS, EXAMPLES)},
        "columns": typed.columns(),
        "example_columns": typed.example_columns(),
        "ways": WAYS,
        "lists": [
            (INPUTS[name].label, list(vocabulary.codes(INPUTS[name].words).items()))
            for name in shape.inputs
            if INPUTS[name].words
        ],
        "departments": [
            label
            for output in shape.outputs
            if output.several
            for label in vocabulary.codes(output.words).values()
        ],
    }
    with scope(actor):
        return render(request, "rules/edit.html", context, status=status)


def _upload_page(
    request: HttpRequest, draft: TableVersion, form: forms.Form, *, status: int = 200
) -> HttpResponse:
    context = {"draft": draft, "kind": TableKind(draft.kind), "form": form}
    return render(request, "rules/upload.html", context, status=status)
