"""What becomes of each scanned page: filed by its mark, placed by hand, replaced, set aside. None is lost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.audit.domain.record import record
from fengqiao.dossier import pdf
from fengqiao.dossier.domain.filing import Filing, Sheet, put_in, standing_at
from fengqiao.dossier.domain.sorting import Found, Sorter
from fengqiao.dossier.enums import PLACEABLE, SETTLED_PAGES, UNSHOWN, PageState, StackState
from fengqiao.dossier.marks import number_of
from fengqiao.dossier.models import ScanPage, ScanSource, ScanStack, SignedPage
from fengqiao.dossier.paper import Paper
from fengqiao.dossier.policies import check_may_scan
from fengqiao.dossier.queries.papers import paper_of
from fengqiao.dossier.queries.scans import page_by_id
from fengqiao.dossier.scan_reading import PageRead
from fengqiao.files.domain.storing import content_of, store
from fengqiao.files.models import StoredFile
from fengqiao.kernel import clock
from fengqiao.kernel.crypto import sm3
from fengqiao.kernel.errors import Invalid, NotAllowed, Refusal
from fengqiao.matters.domain.move import locked
from fengqiao.matters.models import Matter

# What was handed in is kept so long after nothing in it waits any more.
KEPT = timedelta(days=90)
LONGEST_NOTE = 200


@dataclass(frozen=True)
class Target:
    """Where a page is put by hand: page ``page`` of ``pages`` of a paper (0: as many as the paper has now)."""

    matter_id: UUID
    kind: str
    reference: UUID
    page: int
    pages: int = 0


def settle(actor: Actor, stack: ScanStack, read: Sequence[tuple[ScanSource, PageRead]]) -> None:
    """Files what has its place and writes down of the rest what it waits for, in the running transaction."""
    sorter = Sorter(actor, stack.matter_id)
    found = [
        (source, page, sorter.found(page.texts) if page.picture else Found(PageState.SPOILED))
        for source, page in read
    ]
    matters = _locked(actor, {each.matter.pk for *_page, each in found if each.matter is not None})
    filings: dict[UUID, list[tuple[ScanPage, Filing]]] = {}
    rows: list[ScanPage] = []
    beside: list[tuple[ScanPage, ScanPage]] = []
    for place, (source, page, each) in enumerate(found):
        matter = matters.get(each.matter.pk) if each.matter is not None else None
        if each.matter is not None and matter is None:
            each = Found(PageState.HIDDEN)
        row = _row(actor, stack, source, page, each, matter or sorter.door)
        row.place = place
        rows.append(row)
        if each.state is PageState.FILED and matter is not None and each.paper is not None:
            waiting = filings.setdefault(matter.pk, [])
            first = _decide(row, source, matter, each.paper, waiting)
            if first is not None:
                beside.append((row, first))
        if row.state not in (PageState.SAME, *UNSHOWN):
            _hold(row, source, page)
        if row.state == PageState.FILED and matter is not None and each.paper is not None:
            length = row.pages or max(row.page, pdf.length_of(each.paper))
            sheet = _sheet(row, source)
            waiting.append((row, Filing(sheet, each.paper, row.page, length, row.version)))
    for key, waiting in filings.items():
        made = put_in(actor, matters[key], [filing for _row, filing in waiting])
        for (row, _filing), signed in zip(waiting, made, strict=True):
            row.signed, row.file, row.picture = signed, None, None
    for row, first in beside:
        row.signed = first.signed
    ScanPage.objects.bulk_create(rows)


def place(*, actor: Actor, page_id: UUID, target: Target, replaces: bool = False) -> SignedPage:
    """Puts a page by hand where a person says.

    Raises ``NotAllowed``, ``Invalid`` (``paper``, ``page``) and ``Refusal``: a page that stands there and is not to be
    replaced, one that was filed already, an archived matter.
    """
    check_may_scan(actor)
    matter = locked(actor=actor, matter_id=target.matter_id)
    row = _row_locked(actor, page_id)
    paper = paper_of(actor, matter, target.kind, target.reference)
    if paper is None:
        raise Invalid({"paper": _("本事项没有这份文书，请重新选择。")})
    own = row.number == number_of(paper) and row.page == target.page
    length = target.pages or (row.pages if own else 0) or max(target.page, pdf.length_of(paper))
    filing = Filing(
        _sheet(_moved(row, matter), row.source),
        paper,
        target.page,
        length,
        row.version if own else "",
        # Where its own mark says so, a person has only let it.
        by_hand=not own,
        replaces=replaces,
    )
    (signed,) = put_in(actor, matter, [filing])
    row.state, row.signed, row.file, row.picture = PageState.FILED, signed, None, None
    _decided(actor, row, "signed", "file", "picture")
    return signed


def take(*, actor: Actor, page_id: UUID, replaces: bool = False) -> SignedPage:
    """Puts a page where its own mark says although it waited: of an earlier wording, another matter, once more.

    Raises as ``place``; ``Refusal`` too where its mark names no paper that is there.
    """
    check_may_scan(actor)
    page = page_by_id(actor, page_id)
    sorter = Sorter(actor)
    matter = page.matter
    numbered: list[Paper] = []
    if matter is not None and page.number:
        numbered = [paper for paper in sorter.papers(matter) if number_of(paper) == page.number]
    if matter is None or len(numbered) != 1:
        raise Refusal("no_such_paper", _("从二维码看不出是哪一份文书，请用“指定”选择。"))
    (paper,) = numbered
    target = Target(matter.pk, paper.kind, paper.reference, page.page, page.pages)
    return place(actor=actor, page_id=page_id, target=target, replaces=replaces)


def set_aside(*, actor: Actor, page_id: UUID, note: str = "") -> ScanPage:
    """Says that a page belongs to no paper, or is seen to elsewhere; it is kept with its stack and told there."""
    check_may_scan(actor)
    row = _row_locked(actor, page_id, among=(*PLACEABLE, *UNSHOWN, PageState.ARCHIVED))
    if row.state not in UNSHOWN:
        row.state = PageState.ASIDE
    row.note = note.strip()[:LONGEST_NOTE]
    _decided(actor, row, "note")
    record(
        actor=actor,
        verb="scans.set_aside",
        subject=f"scans:{row.stack_id}",
        county=row.county,
        details={"page": row.pk},
    )
    return row


def given_back(signed: SignedPage) -> None:
    """A page that was taken out of a matter waits in its stack again, where that still has it."""
    for row in ScanPage.objects.filter(
        signed=signed, state=PageState.FILED, stack__cleared_at__isnull=True
    ).select_related("stack"):
        row.state, row.file, row.picture, row.signed = PageState.UNREAD, signed.file, signed.picture, None
        row.decided_at, row.decided_by = None, None
        row.save(update_fields=["state", "file", "picture", "signed", "decided_at", "decided_by"])
        settle_stack(row.stack)


def settle_stack(stack: ScanStack) -> None:
    """Writes down whether anything of a stack still waits; its files go long after nothing does."""
    from fengqiao.dossier.tasks import expire_scans

    waits = stack.pages.exclude(state__in=SETTLED_PAGES).filter(decided_at__isnull=True).exists()
    settled = None if waits or stack.state != StackState.DONE else clock.now()
    if (stack.settled_at is None) == (settled is None):
        return
    stack.settled_at = settled
    stack.save(update_fields=["settled_at"])
    if settled is not None:
        expire_scans.configure(schedule_in={"seconds": int(KEPT.total_seconds()) + 60}).defer(
            stack=str(stack.pk), county=stack.county, person=str(stack.person_id)
        )


def whose(actor: Actor, matter: Matter | None, county: str = "") -> dict[str, Any]:
    """The fields by which a row of a stack belongs to a centre, to who handed it in, and to a matter."""
    return {
        "county": matter.county if matter else county or actor.county,
        "restriction": matter.restriction if matter else "open",
        "matter_id": matter.pk if matter else None,
        "person_id": actor.person_id,
        "centre_id": actor.centre_id,
    }


def _locked(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Matter]:
    """Those of the matters that the actor sees, locked in the order of their keys."""
    found = {}
    for key in sorted(ids):
        try:
            found[key] = locked(actor=actor, matter_id=key)
        except NotAllowed:
            continue
    return found


def _row(
    actor: Actor, stack: ScanStack, source: ScanSource, page: PageRead, found: Found, matter: Matter | None
) -> ScanPage:
    mark = found.mark
    return ScanPage(
        **whose(actor, matter, stack.county),
        stack=stack,
        source=source,
        leaf=page.page,
        state=found.state,
        number=mark.number if mark else "",
        page=mark.page if mark else 0,
        pages=mark.pages if mark else 0,
        version=mark.version if mark else "",
        turn=page.turn,
    )


def _decide(
    row: ScanPage,
    source: ScanSource,
    matter: Matter,
    paper: Paper,
    waiting: list[tuple[ScanPage, Filing]],
) -> ScanPage | None:
    """Whether the page's place is free, has this very scan, or another one; the page of this stack that took it."""
    there = standing_at(matter, paper, row.page)
    if there is not None:
        same = (there.source_digest, there.leaf) == (source.digest, row.leaf)
        row.state, row.signed = (PageState.SAME if same else PageState.AGAIN), there
        return None
    key = (paper.kind, paper.reference, row.page)
    for first, each in waiting:
        if (each.paper.kind, each.paper.reference, each.page) == key:
            row.state = PageState.AGAIN
            return first
    return None


def _hold(row: ScanPage, source: ScanSource, page: PageRead) -> None:
    """Keeps the page and its picture for the county of its row: a photograph as it came, of a PDF the page cut out."""
    assert page.picture is not None  # noqa: S101  pages without one are not held
    assert source.file is not None  # noqa: S101  it was read
    content = page.cut.read_bytes() if page.cut else content_of(source.file)
    kind = "application/pdf" if page.cut else source.file.media_type
    row.file = store(county=row.county, name=source.name, content=content, kind=kind)
    row.picture = store(county=row.county, name="", content=page.picture.read_bytes(), kind="image/jpeg")
    row.digest = sm3(content).hex()


def _sheet(row: ScanPage, source: ScanSource) -> Sheet:
    assert row.file is not None  # noqa: S101  what is placed is held
    assert row.picture is not None  # noqa: S101
    return Sheet(row.file, row.picture, row.digest, row.turn, source.name, source.digest, row.leaf)


def _row_locked(actor: Actor, page_id: UUID, among: Sequence[PageState] = PLACEABLE) -> ScanPage:
    page_by_id(actor, page_id)
    row = (
        ScanPage.objects.select_for_update(of=("self",))
        .select_related("stack", "source", "file", "picture")
        .get(pk=page_id)
    )
    if row.state not in among or (row.file is None and row.state in PLACEABLE):
        raise Refusal("scan_settled", _("这一页已经处理过，或者不能归卷。请看过最新情况再办。"))
    return row


def _moved(row: ScanPage, matter: Matter) -> ScanPage:
    """The page with its files in the county of the matter: what was handed in in another one is kept there anew."""
    if row.county != matter.county:
        row.file, row.picture = (_kept_in(matter.county, each) for each in (row.file, row.picture))
    return row


def _kept_in(county: str, stored: StoredFile | None) -> StoredFile:
    assert stored is not None  # noqa: S101  what is placed is held
    return store(county=county, name="", content=content_of(stored), kind=stored.media_type)


def _decided(actor: Actor, row: ScanPage, *fields: str) -> None:
    row.decided_at, row.decided_by_id = clock.now(), actor.person_id
    row.save(update_fields=["state", "decided_at", "decided_by", *fields])
    settle_stack(row.stack)
