"""Recommendations drawn from a matter: sent, and the reply written down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fengqiao.accounts.scope import scope
from fengqiao.flows import leading as flow
from fengqiao.flows.reading import opened
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.leading.policies import check_may_recommend
from fengqiao.leading.queries import recommendations as query
from fengqiao.web.desk.leading.dialogs import DOOR, dialog
from fengqiao.web.desk.leading.forms import RecommendForm, ReplyForm
from fengqiao.web.kit.acting import actor_of_request
from fengqiao.web.kit.forms import IN_DIALOG


@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, code: str) -> HttpResponse:
    """A leader sends a recommendation to a unit."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        check_may_recommend(actor, matter)
        form = RecommendForm(matter, request.POST or None, auto_id=IN_DIALOG)

    def act(values: dict[str, Any]) -> None:
        flow.recommend(actor=actor, matter_id=matter.pk, **values)

    return dialog(request, actor, matter, form=form, title=_("源头治理建议"), act=act)


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, code: str, recommendation_id: UUID) -> HttpResponse:
    """What the unit answered is written down."""
    actor = actor_of_request(request)
    with scope(actor):
        matter = opened(actor, code, door=DOOR)
        check_may_recommend(actor, matter)
        found = next((each for each in query.of_matter(actor, matter) if each.pk == recommendation_id), None)
        if found is None:
            raise NotAllowed("recommendation_not_found", _("没有这份建议，或您的岗位看不到它。"))
        form = ReplyForm(
            matter, request.POST or None, auto_id=IN_DIALOG, initial={"replied_on": clock.today()}
        )

    def act(values: dict[str, Any]) -> None:
        flow.record_reply(actor=actor, matter_id=matter.pk, recommendation_id=recommendation_id, **values)

    return dialog(request, actor, matter, form=form, title=_("记录建议的回复"), act=act, said=found.advice)
