"""Saving a filter of the ledger under a name, changing it, removing it."""

from __future__ import annotations

import re
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock, identity
from fengqiao.kernel.codes import MATTER_CODE
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.models import SavedView
from fengqiao.matters.policies import may_change_view, may_share_views
from fengqiao.matters.queries.ledger import LedgerFilter
from fengqiao.matters.queries.saved_views import views_of

LONGEST_NAME = 40
# A menu that nobody can read to its end helps nobody.
MOST = 50
# As many digits as a phone without its area code: what is longer is somebody's number.
A_NUMBER = re.compile(r"\d{7,}")


def save_view(*, actor: Actor, wanted: LedgerFilter, said: str, name: str, shared: bool) -> SavedView:
    """Saves it as one's own, or for everybody of the centre. ``said`` is the filter in words."""
    if actor.is_administrator or actor.post_id is None:
        raise NotAllowed("administrators_read_no_matter", _("管理员岗位不能查看事项。"))
    if shared:
        _check_sharing(actor)
    if wanted.party or _tells_a_number(wanted.q):
        raise Refusal("number_not_saved", _("号码属于个人信息，不保存在视图里。请去掉号码，按别的条件筛选。"))
    view = SavedView(
        county=actor.county,
        person_id=actor.person_id,
        centre_id=actor.centre_id if shared else None,
        name=_checked_name(name),
        asked=wanted.as_query(),
        said=said,
        saved_at=clock.now(),
    )
    if views_of(actor).count() >= MOST:
        raise Refusal("too_many_views", _("最多保存 %(most)d 个视图。请先删除不用的。") % {"most": MOST})
    _write(view, adding=True)
    return view


def change_view(*, actor: Actor, view_id: UUID, name: str, shared: bool) -> SavedView:
    """Renames a view, shares it or takes it back. Only who saved it takes it back for themselves."""
    view = _changeable(actor, view_id)
    if shared and not view.is_shared:
        _check_sharing(actor)
    if view.is_shared and not shared and view.person_id != actor.person_id:
        raise Refusal("shared_by_another", _("这是别人共用给中心的视图，可以改名或删除。"), field="shared")
    view.name = _checked_name(name)
    if shared != view.is_shared:
        view.centre_id = actor.centre_id if shared else None
    _write(view)
    return view


def remove_view(*, actor: Actor, view_id: UUID) -> SavedView:
    """Takes a view out of everybody's menu."""
    view = _changeable(actor, view_id)
    view.removed_at = clock.now()
    view.save(update_fields=["removed_at"])
    return view


def _changeable(actor: Actor, view_id: UUID) -> SavedView:
    view = views_of(actor).select_for_update(of=("self",)).filter(pk=view_id).first()
    if view is None:
        raise NotAllowed("view_not_found", _("没有这个视图，或不是给您现在的岗位用的。"))
    if not may_change_view(actor, view):
        raise NotAllowed("may_not_change_view", _("中心共用的视图由中心领导修改。"))
    return view


def _check_sharing(actor: Actor) -> None:
    if not may_share_views(actor):
        raise NotAllowed("may_not_share_views", _("由中心领导把视图共用给中心。"))


def _checked_name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or not plain.isprintable():
        raise Invalid({"name": _("请给视图起个名字。")})
    if len(plain) > LONGEST_NAME:
        raise Invalid({"name": _("名字最多 %(most)d 个字。") % {"most": LONGEST_NAME}})
    if _tells_a_number(plain):
        raise Invalid({"name": _("名字里不要写证件号码或电话。")})
    return plain


def _tells_a_number(text: str) -> bool:
    text = text.strip()
    return not MATTER_CODE.match(text) and A_NUMBER.search(identity.normalise(text)) is not None


def _write(view: SavedView, *, adding: bool = False) -> None:
    try:
        with transaction.atomic():
            view.save(update_fields=None if adding else ["name", "centre"])
    except IntegrityError as error:
        raise Invalid({"name": _("已经有叫这个名字的视图。")}) from error
