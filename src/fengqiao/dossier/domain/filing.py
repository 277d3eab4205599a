"""Pages of signed copies: put into the matter, replaced, taken out. What stood before stays in the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.dossier.enums import PaperAction
from fengqiao.dossier.forms import form_of
from fengqiao.dossier.models import SignedPage
from fengqiao.dossier.paper import Paper
from fengqiao.files.models import StoredFile
from fengqiao.kernel import clock
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked, note
from fengqiao.matters.domain.wording import needed
from fengqiao.matters.enums import State, WordKind
from fengqiao.matters.models import Matter
from fengqiao.matters.models.base import of

MOST_PAGES = 999
LONGEST_REASON = 200


@dataclass(frozen=True)
class Sheet:
    """A page as it was scanned: its files and where they come from."""

    file: StoredFile
    picture: StoredFile
    digest: str
    turn: int
    source_name: str
    source_digest: str
    leaf: int


@dataclass(frozen=True)
class Filing:
    """A sheet and the place it goes to. ``replaces``: what stands there ends."""

    sheet: Sheet
    paper: Paper
    page: int
    pages: int
    version: str
    by_hand: bool = False
    replaces: bool = False


def standing_at(matter: Matter, paper: Paper, page: int) -> SignedPage | None:
    """The page that stands there now."""
    return SignedPage.objects.filter(
        matter_id=matter.pk,
        paper=paper.kind,
        reference=paper.reference,
        page=page,
        ended_at__isnull=True,
    ).first()


def put_in(actor: Actor, matter: Matter, filings: Sequence[Filing]) -> list[SignedPage]:
    """Puts pages into a locked matter, with one line of history a paper.

    Raises ``Refusal``: archived, a page that stands there already; ``Invalid`` for a page of no paper.
    """
    if matter.state == State.ARCHIVED:
        raise Refusal("archived", _("事项已经归档，不能再改动。"))
    made: list[SignedPage] = []
    told: dict[tuple[str, UUID, bool], list[Filing]] = {}
    for each in filings:
        if not 1 <= each.page <= each.pages <= MOST_PAGES:
            raise Invalid({"page": _("页码不对：应在 1 和总页数之间。")})
        there = standing_at(matter, each.paper, each.page)
        if there is not None:
            if not each.replaces:
                raise Refusal("page_taken", _("这一页已有签字件。要换成新扫描的，请选“更换”。"), field="page")
            _end(actor, there, str(_("换成新扫描的")))
        made.append(_written(actor, matter, each))
        key = (str(each.paper.kind), each.paper.reference, there is not None)
        told.setdefault(key, []).append(each)
    for (kind, reference, anew), pages in told.items():
        action = PaperAction.SIGNED_ANEW if anew else PaperAction.SIGNED
        parameters = {
            "paper": kind,
            "reference": reference,
            "form": pages[0].paper.form,
            "pages": sorted(each.page for each in pages),
            "of": max(each.pages for each in pages),
        }
        _tell(actor, matter, action, parameters, [each.sheet.digest for each in pages])
    return made


def take_out(
    *, actor: Actor, matter_id: UUID, page_id: UUID, reason: str, version: int | None = None
) -> SignedPage:
    """Takes a page out that was put in wrongly; it stays in the history, with the reason."""
    reason = needed("reason", reason, _("请写明为什么撤出。"))[:LONGEST_REASON]
    matter = locked(actor=actor, matter_id=matter_id, version=version)
    if matter.state == State.ARCHIVED:
        raise Refusal("archived", _("事项已经归档，不能再改动。"))
    page = SignedPage.objects.filter(pk=page_id, matter_id=matter.pk).first()
    if page is None:
        raise NotAllowed("signed_page_not_found", _("没有这一页签字件。"))
    if page.ended_at is not None:
        raise Refusal("signed_page_ended", _("这一页已经换过或者撤出了。"))
    _end(actor, page, reason)
    parameters = {
        "paper": page.paper,
        "reference": page.reference,
        "form": form_of(matter.pk, page.reference),
        "pages": [page.page],
        "of": page.pages,
    }
    _tell(actor, matter, PaperAction.TAKEN_OUT, parameters, [page.digest], {WordKind.REASON: reason})
    return page


def _written(actor: Actor, matter: Matter, each: Filing) -> SignedPage:
    sheet = each.sheet
    return SignedPage.objects.create(
        **of(matter),
        paper=each.paper.kind,
        reference=each.paper.reference,
        title=each.paper.title[:100],
        page=each.page,
        pages=each.pages,
        version=each.version,
        file=sheet.file,
        picture=sheet.picture,
        turn=sheet.turn,
        digest=sheet.digest,
        source_name=sheet.source_name,
        source_digest=sheet.source_digest,
        leaf=sheet.leaf,
        by_hand=each.by_hand,
        added_by_id=actor.person_id,
        added_at=clock.now(),
    )


def _end(actor: Actor, page: SignedPage, reason: str) -> None:
    page.ended_at, page.ended_by_id, page.reason = clock.now(), actor.person_id, reason
    page.save(update_fields=["ended_at", "ended_by", "reason"])


def _tell(
    actor: Actor,
    matter: Matter,
    action: PaperAction,
    parameters: dict[str, Any],
    digests: list[str],
    words: dict[WordKind, str] | None = None,
) -> None:
    # The history holds codes and references alone; the digests of the scans stand in the audit.
    note(
        matter,
        actor=actor,
        type=f"paper.{action}",
        parameters=parameters,
        words=words,
        details={"sm3": digests},
    )
