"""What is owed under agreements: the centre's list, and what happened to one term."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.scope import scope
from fengqiao.agreements.domain.performing import ways_of
from fengqiao.agreements.enums import OWED, AgreementAction
from fengqiao.agreements.policies import check_may_keep, check_may_read
from fengqiao.agreements.queries.agreements import agreement_by_id, owed_at, term_by_id
from fengqiao.agreements.wording import term_in_words
from fengqiao.flows import agreements as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.rules.queries.words import in_readers_language
from fengqiao.web.desk.agreements.forms import PerformForm, PerformSeveralForm, TermNoteForm
from fengqiao.web.desk.agreements.sketching import DOOR
from fengqiao.web.desk.agreements.views import NO_SUCH, described
from fengqiao.web.desk.leading.dialogs import dialog
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG

MOST = 200
SOON = timedelta(days=7)
SPANS = {
    "late": gettext_lazy("已超期"),
    "soon": gettext_lazy("七天内到期"),
    "all": gettext_lazy("全部待履行"),
}


@require_GET
def performance(request: HttpRequest) -> HttpResponse:
    """What is owed under agreements at the acting centre: overdue, within a week, all."""
    actor = actor_of_request(request)
    check_may_read(actor)
    today = clock.today()
    span = request.GET.get("span", "soon")
    span = span if span in SPANS else "soon"
    until = {"late": today - timedelta(days=1), "soon": today + SOON, "all": None}
    with scope(actor):
        counts = {name: owed_at(actor, until=day).count() for name, day in until.items()}
        owed = owed_at(actor, until=until[span]).prefetch_related("notes")
        rows = [described(each) for each in owed[:MOST]]
        context = {
            "rows": rows,
            "span": span,
            "spans": [(name, label, counts[name]) for name, label in SPANS.items()],
            "more": counts[span] > len(rows),
        }
        return render(request, "agreements/performance.html", context)


@require_http_methods(["GET", "POST"])
def on_term(request: HttpRequest, term_id: UUID, action: str) -> HttpResponse:
    """A dialog: something was performed, somebody was reminded, visited, or told what the law leaves."""
    actor = actor_of_request(request)
    check_may_read(actor)
    if action not in flow.ON_A_TERM:
        raise NotAllowed("no_such_action", NO_SUCH)
    verb = AgreementAction(action)
    with scope(actor):
        term = term_by_id(actor, term_id)
        matter = opened(actor, term.matter.code, door=DOOR)
        check_may_keep(actor, matter)
        if term.state not in OWED:
            raise NotAllowed("nothing_owed", _("这一项没有待履行的。"))
        started = {"on": clock.today()}
        data = request.POST or None
        form: TermNoteForm
        if verb == AgreementAction.PERFORM:
            form = PerformForm(data, request.FILES or None, term=term, auto_id=IN_DIALOG, initial=started)
        else:
            form = TermNoteForm(data, auto_id=IN_DIALOG, initial=started)
        said = term_in_words(term)
        if verb == AgreementAction.ADVISE:
            ways = ways_of(term, clock.today())
            for each in ways:
                said += f"\n· {in_readers_language(each.advice)}（{in_readers_language(each.basis)}）"

    def act(values: dict[str, Any]) -> None:
        flow.on_term(actor=actor, term_id=term_id, action=verb, **values)

    title, back = str(verb.label), _back(request)
    return dialog(
        request, actor, matter, form=form, title=title, act=act, said=said, part="agreements", back=back
    )


@require_http_methods(["GET", "POST"])
def several(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """A dialog: several terms were performed on one day, shown by one proof. What is due is chosen already."""
    actor = actor_of_request(request)
    check_may_read(actor)
    today, verb = clock.today(), AgreementAction.PERFORM_SEVERAL
    with scope(actor):
        shown = agreement_by_id(actor, agreement_id)
        matter = opened(actor, shown.agreement.matter.code, door=DOOR)
        check_may_keep(actor, matter)
        owed = [each for each in shown.terms if each.state in OWED]
        if not owed:
            raise NotAllowed("nothing_owed", _("这份协议没有待履行的。"))
        due = [str(each.pk) for each in owed if each.due is not None and each.due <= today]
        started = {"on": today, "terms": due}
        form = PerformSeveralForm(
            request.POST or None, request.FILES or None, owed=owed, auto_id=IN_DIALOG, initial=started
        )

    def act(values: dict[str, Any]) -> None:
        flow.perform_several(actor=actor, agreement_id=agreement_id, **values)

    title, back = str(verb.label), _back(request)
    return dialog(request, actor, matter, form=form, title=title, act=act, part="agreements", back=back)


def _back(request: HttpRequest) -> str:
    """The agreement's page, where the dialog was opened there; else the matter's."""
    path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return path if path.startswith("/agreements/") else ""
