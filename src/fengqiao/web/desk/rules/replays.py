"""What-if: the ledger asked under a draft, with progress; each number of the difference opens into its matters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from fengqiao.accounts.scope import scope
from fengqiao.flows import rule_tables as flow
from fengqiao.kernel import clock
from fengqiao.matters.enums import ReplayState
from fengqiao.matters.models import Replay
from fengqiao.matters.queries.replays import (
    NARROWED,
    Summary,
    answers_of,
    replay_by_id,
    summary_of,
)
from fengqiao.rules.enums import TableKind, VersionState
from fengqiao.rules.policies import may_approve
from fengqiao.rules.queries.tables import version_in_words
from fengqiao.web.desk.administration.grids import done
from fengqiao.web.desk.rules.forms import ReplayForm
from fengqiao.web.desk.rules.views import choice_in_words, found_version, reader

QUARTER = timedelta(days=90)
MOST_SHOWN = 100


@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Of which days the matters are asked; then the job begins."""
    actor = reader(request)
    with scope(actor):
        version = found_version(actor, version_id)
    today = clock.today()
    form = (
        ReplayForm(request.POST)
        if request.method == "POST"
        else ReplayForm(initial={"since": today - QUARTER, "until": today})
    )
    made: list[Replay] = []
    if done(form, lambda: made.append(flow.replay(actor=actor, version_id=version_id, **form.cleaned_data))):
        return redirect("rule_replay", made[0].pk)
    with scope(actor):
        context = {"version": version, "kind": TableKind(version.kind), "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "rules/replay_order.html", context, status=status)


@require_GET
def replay(request: HttpRequest, replay_id: UUID) -> HttpResponse:
    """A replay as far as it is, then what would be different."""
    actor = reader(request)
    found = replay_by_id(actor, replay_id)
    draft = found.draft
    context: dict[str, Any] = {
        "replay": found,
        "kind": TableKind(draft.kind),
        "base": version_in_words(found.base),
        "is_running": found.state == ReplayState.RUNNING,
        "is_stale": draft.version != found.draft_version and draft.state == VersionState.DRAFT,
        "may_decide": draft.state == VersionState.SUBMITTED
        and may_approve(actor)
        and draft.author_id != actor.person_id,
    }
    if found.state == ReplayState.DONE:
        context |= _told(found, summary_of(actor, found))
    return render(request, "rules/replay.html", context)


@require_GET
def matters(request: HttpRequest, replay_id: UUID) -> HttpResponse:
    """The matters behind a number, each a link to its page."""
    actor = reader(request)
    found = replay_by_id(actor, replay_id)
    narrowed: dict[str, Any] = {
        name: request.GET[name][:24].replace("\x00", "") for name in NARROWED if name in request.GET
    }
    if request.GET.get("moved") == "1":
        narrowed["moved"] = True
    answers = answers_of(actor, found, narrowed).select_related("matter").order_by("-matter_id")
    rows = list(answers[: MOST_SHOWN + 1])
    context = {
        "replay": found,
        "kind": TableKind(found.draft.kind),
        "rows": [
            {
                "matter": each.matter,
                "before_row": each.before_row,
                "after_row": each.after_row,
                "before": _said(each.before, each.before_lead),
                "after": _said(each.after, each.after_lead),
                "moved": each.moved,
            }
            for each in rows[:MOST_SHOWN]
        ],
        "more": len(rows) > MOST_SHOWN,
        "most": MOST_SHOWN,
        "total": answers.count(),
    }
    return render(request, "rules/replay_matters.html", context)


def _told(found: Replay, told: Summary) -> dict[str, Any]:
    """The numbers with where each opens."""

    def opens(**narrowed: Any) -> str:
        return f"{reverse('rule_replay_matters', args=[found.pk])}?{urlencode(narrowed)}"

    return {
        "summary": told,
        "all_href": opens(),
        "moved_href": opens(moved=1),
        "by_row": [
            {
                "difference": each,
                "before": _said(each.before, each.before_lead),
                "after": _said(each.after, each.after_lead),
                "href": opens(moved=1, **{name: getattr(each, name) for name in NARROWED}),
            }
            for each in told.by_row
        ],
        "load": [
            {
                "department": choice_in_words(kind),
                "now": now,
                "then": then,
                "change": then - now,
                "now_href": opens(before_lead=kind),
                "then_href": opens(after_lead=kind),
            }
            for kind, (now, then) in told.load.items()
        ],
        "choices": [
            {
                "before": choice_in_words(before),
                "after": choice_in_words(after),
                "n": n,
                "href": opens(before=before, after=after, moved=1),
            }
            for (before, after), n in sorted(told.choices.items())
        ],
    }


def _said(choice: str, lead: str) -> str:
    return " · ".join(choice_in_words(each) for each in (choice, lead) if each)
