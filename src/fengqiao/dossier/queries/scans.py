"""Stacks of scans of one's centre, and their pages as the post may see them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.dossier.enums import SETTLED_PAGES
from fengqiao.dossier.models import ScanPage, ScanSource, ScanStack, SignedPage
from fengqiao.dossier.policies import may_scan
from fengqiao.kernel.errors import NotAllowed
from fengqiao.matters.models import Matter

WAITS = ~Q(pages__state__in=SETTLED_PAGES) & Q(pages__decided_at__isnull=True, pages__pk__isnull=False)


def stacks_of(actor: Actor) -> QuerySet[ScanStack]:
    """What was handed in at the post's centre, newest first, with how many pages wait (``waiting``)."""
    if not may_scan(actor) or actor.centre_id is None:
        return ScanStack.objects.none()
    seen = ScanStack.objects.filter(_of_seen_matters(actor), centre_id=actor.centre_id)
    return seen.annotate(waiting=Count("pages", filter=WAITS)).order_by("-handed_at", "-id")


def stack_by_id(actor: Actor, stack_id: UUID) -> ScanStack:
    """One of them; raises ``NotAllowed``."""
    stack = stacks_of(actor).select_related("person", "matter").filter(pk=stack_id).first()
    if stack is None:
        raise NotAllowed("scans_not_found", _("没有这一叠扫描件，或者不是本中心交的。"))
    return stack


def pages_of(actor: Actor, stack: ScanStack) -> QuerySet[ScanPage]:
    """The pages of a stack that the post may see, in its order."""
    seen = ScanPage.objects.filter(_of_seen_matters(actor), stack=stack).filter(
        Q(signed__isnull=True) | Q(signed__matter__in=Matter.objects.visible_to(actor))
    )
    return seen.select_related("source", "matter", "signed", "signed__matter", "decided_by").order_by("place")


def page_by_id(actor: Actor, page_id: UUID) -> ScanPage:
    """One page of a stack of the centre; raises ``NotAllowed``."""
    page = ScanPage.objects.filter(pk=page_id).select_related("stack").first()
    if page is not None and stacks_of(actor).filter(pk=page.stack_id).exists():
        page = (
            pages_of(actor, page.stack).select_related("file", "picture", "stack").filter(pk=page_id).first()
        )
        if page is not None:
            return page
    raise NotAllowed("scan_not_found", _("没有这一页，或您的岗位不能打开它。"))


def shows_source(actor: Actor, source: ScanSource) -> bool:
    """Whether the post may open a file as it was handed in: only where it may see every page of it."""
    if source.file_id is None:
        return False
    pages = list(pages_of(actor, source.stack).filter(source=source).values_list("state", flat=True))
    return len(pages) == source.pages and "hidden" not in pages


def signed_page_of(matter: Matter, page_id: UUID) -> SignedPage | None:
    """One page of a signed copy of the matter, also of former ones."""
    return (
        SignedPage.objects.select_related("file", "picture").filter(pk=page_id, matter_id=matter.pk).first()
    )


def _of_seen_matters(actor: Actor) -> Q:
    return Q(matter__isnull=True) | Q(matter__in=Matter.objects.visible_to(actor))
