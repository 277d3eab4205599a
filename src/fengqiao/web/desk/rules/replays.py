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
from fengqiao.clocks.queries.telling import moment_in_words
from fengqiao.flows import rule_tables as flow
from fengqiao.kernel import clock
from fengqiao.matters.enums import DueTurn, ReplayState
from fengqiao.matters.models import Replay, Replayed
from fengqiao.matters.queries.replays import (
    ANSWERED,
    DUE,
    NARROWED,
    Summary,
    answers_of,
    replay_by_id,
    summary_of,
)
from fengqiao.rules.enums import TableKind, VersionState
from fengqiao.rules.policies import may_approve
from fengqiao.rules.queries.limits import all_limits
from fengqiao.rules.queries.tables import version_in_words
from fengqiao.web.desk.administration.grids import done
from fengqiao.web.desk.rules.forms import ReplayForm
from fengqiao.web.desk.rules.views import choice_in_words, found_version, reader
from fengqiao.web.kit.paging import key_of

QUARTER = timedelta(days=90)
PAGE = 50


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
        context |= _told(found, summary_of(actor, found), _page_of(request))
    return render(request, "rules/replay.html", context)


@require_GET
def matters(request: HttpRequest, replay_id: UUID) -> HttpResponse:
    """The matters behind a number, each a link to its page."""
    actor = reader(request)
    found = replay_by_id(actor, replay_id)
    narrowed: dict[str, Any] = {
        name: request.GET[name][:48].replace("\x00", "") for name in NARROWED if name in request.GET
    }
    if request.GET.get("moved") == "1":
        narrowed["moved"] = True
    answers = answers_of(actor, found, narrowed).select_related("matter").order_by("-matter_id")
    after = key_of(request.GET.get("after", ""))
    rows = list((answers.filter(matter_id__lt=after) if after else answers)[: PAGE + 1])
    asked = {name: value for name, value in request.GET.items() if name != "after"}
    here = reverse("rule_replay_matters", args=[found.pk])
    following = asked | {"after": str(rows[PAGE - 1].matter_id)} if len(rows) > PAGE else {}
    context = {
        "replay": found,
        "kind": TableKind(found.draft.kind),
        "rows": [_matter(each) for each in rows[:PAGE]],
        "has_due": any(each.due_turn for each in rows[:PAGE]),
        "next_href": f"{here}?{urlencode(following)}" if following else "",
        "first_href": f"{here}?{urlencode(asked)}" if after else "",
        "total": answers.count(),
    }
    return render(request, "rules/replay_matters.html", context)


def _matter(each: Replayed) -> dict[str, Any]:
    return {
        "matter": each.matter,
        "before_row": each.before_row,
        "after_row": each.after_row,
        "before": _said(each.before, each.before_lead),
        "after": _said(each.after, each.after_lead),
        "moved": each.moved,
        "turn": DueTurn(each.due_turn).label if each.due_turn else "",
        "before_limit": _limit(each.before_limit),
        "after_limit": _limit(each.after_limit),
        "before_due": moment_in_words(each.before_due) if each.before_due else "",
        "after_due": moment_in_words(each.after_due) if each.after_due else "",
    }


def _told(found: Replay, told: Summary, page: int) -> dict[str, Any]:
    """The numbers with where each opens; of the rows one page."""

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
                "href": opens(moved=1, **{name: getattr(each, name) for name in ANSWERED}),
            }
            for each in told.by_row[PAGE * (page - 1) : PAGE * page]
        ],
        "next_href": f"?rows={page + 1}#rows" if len(told.by_row) > PAGE * page else "",
        "first_href": "?#rows" if page > 1 else "",
        "due": [
            {
                "turn": DueTurn(each.due_turn).label,
                "before": _limit(each.before_limit),
                "after": _limit(each.after_limit),
                "n": each.n,
                "href": opens(moved=1, **{name: getattr(each, name) for name in DUE}),
            }
            for each in told.due
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


def _limit(name: str) -> str:
    """A limit as every page names it."""
    limit = all_limits().get(name)
    return limit.title if limit else name


def _page_of(request: HttpRequest) -> int:
    asked = request.GET.get("rows", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 5 else 1
