"""Signed scans come back: sorted by their marks into the matters, told where they cannot be, never lost."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from uuid import UUID

import qrcode
from PIL import Image

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.dossier import pdf
from fengqiao.dossier.domain import scanning, settling
from fengqiao.dossier.domain.settling import Target
from fengqiao.dossier.enums import PageState, StackState
from fengqiao.dossier.marks import version_of
from fengqiao.dossier.models import ScanPage, ScanSource, ScanStack, SignedPage
from fengqiao.dossier.paper import Paper
from fengqiao.dossier.queries.papers import papers_of
from fengqiao.dossier.queries.plan import plan_of
from fengqiao.dossier.queries.signed_copies import copies_of, key_of
from fengqiao.flows import scanning as flow
from fengqiao.flows.materials import Upload
from fengqiao.kernel import clock
from fengqiao.kernel.crypto import sm3
from fengqiao.matters.domain import amending, sight
from fengqiao.matters.enums import STEP_OF, State
from fengqiao.matters.models import Matter
from fengqiao.mediation.enums import Result
from tests.dossier.scans import blank, bomb, jpeg, sheets, stack
from tests.dossier.test_dossier import bind, fetched, order
from tests.dossier.test_forms import mediated
from tests.dossier.test_pdf import marks_of
from tests.files.samples import PNG
from tests.matters.ground import EVERYWHERE, act, last_audited, refuses, told
from tests.small_county import SmallCounty

REGISTRAR = (Role.REGISTRAR, "county")


def papers(county: SmallCounty, matter: Matter, who=REGISTRAR) -> dict[str, Paper]:
    actor = county.actor(*who)
    with scope(actor):
        return {each.form or each.kind: each for each in papers_of(actor, Matter.objects.get(pk=matter.pk))}


def scanned(paper: Paper) -> list[Image.Image]:
    return sheets(pdf.pdf_of(paper))


def handed_in(county: SmallCounty, *files: tuple[str, bytes], who=REGISTRAR, matter=None) -> ScanStack:
    uploads = [Upload(name, content) for name, content in files]
    actor = county.actor(*who)
    made = flow.hand_in(actor=actor, uploads=uploads, matter_id=matter.pk if matter else None)
    with scope(actor):
        return ScanStack.objects.get(pk=made.pk)


def read_by_job(county: SmallCounty, stack: ScanStack) -> None:
    scanning.read(stack_id=stack.pk, county=stack.county, person_id=stack.person_id)


def states(county: SmallCounty, stack: ScanStack, who=REGISTRAR) -> list[tuple[str, int, str]]:
    """What the pages of a stack are, in its order: state, page of the paper, end of its number."""
    with scope(county.actor(*who)):
        found = ScanPage.objects.filter(stack=stack).order_by("place")
        return [(page.state, page.page, page.number[-3:]) for page in found]


def page_at(county: SmallCounty, stack: ScanStack, place: int) -> UUID:
    with scope(county.actor(*REGISTRAR)):
        return ScanPage.objects.get(stack=stack, place=place).pk


def standing(matter: Matter) -> dict[str, tuple[int, list[int]]]:
    """Of each paper with a signed copy: of how many pages it is and which are lacking."""
    with scope(EVERYWHERE):
        return {copy.pages[0].title: (copy.length, copy.missing) for copy in copies_of(matter).values()}


def strange_code() -> Image.Image:
    """A page with a code that is none of ours."""
    page = blank()
    page.paste(qrcode.make("https://example.com/#1/2@0123abcd?x").get_image().resize((200, 200)), (40, 40))
    return page


def test_a_days_stack_finds_its_matters_and_loses_nothing(county: SmallCounty, disk):
    matter, other, unseen = (mediated(county, Result.WRITTEN) for _ in range(3))
    before = papers(county, matter)["application"]
    act(
        county, Role.REGISTRAR, amending.amend, matter, facts={"account": "又说了一遍。\n" * 3}, reason="补正"
    )
    mine, theirs = papers(county, matter), papers(county, other)
    director = county.actor(Role.DIRECTOR)
    hidden = scanned(papers(county, unseen)["application"])
    with scope(director):
        sight.restrict(actor=director, matter=unseen, reason="涉及未成年人", days=30)
    record, agreement = scanned(mine["record"]), scanned(mine["agreement"])[0]
    theirs_one = scanned(theirs["application"])[0]
    fed = stack(record[1].rotate(180), blank(), theirs_one, hidden[0], strange_code())
    photograph, better = jpeg(agreement, turned=90), jpeg(agreement)
    scans = handed_in(
        county,
        ("一天.pdf", fed),
        ("协议.jpg", photograph),
        ("协议(1).jpg", photograph),
        ("协议又拍.jpg", better),
        ("旧版.jpg", jpeg(scanned(before)[0])),
        ("坏.pdf", b"%PDF-1.4\nnothing"),
        ("炸弹.pdf", bomb()),
    )
    # So many files are read by a job; the post waits for nothing.
    assert (scans.state, states(county, scans)) == (StackState.ORDERED, [])
    read_by_job(county, scans)
    assert states(county, scans) == [
        ("filed", 2, "卷07"),
        ("unread", 0, ""),
        ("filed", 1, "卷01"),
        ("hidden", 0, ""),
        ("foreign", 0, ""),
        ("filed", 1, "卷08"),
        ("again", 1, "卷08"),
        ("older", 1, "卷01"),
        ("unread", 0, ""),
    ]
    with scope(county.actor(*REGISTRAR)):
        sources = ScanSource.objects.filter(stack=scans)
        assert [(each.pages, each.trouble) for each in sources] == [
            *((5, ""), (1, ""), (0, "repeated"), (1, ""), (1, ""), (0, "damaged"), (1, "")),
        ]
        # Of the matter that the post does not see nothing is kept beside what was handed in.
        page = ScanPage.objects.get(stack=scans, state=PageState.HIDDEN)
        assert (page.number, page.matter, page.file, page.picture) == ("", None, None, None)
        [photo] = SignedPage.objects.filter(matter=matter, turn__gt=0)
        assert (photo.digest, photo.turn, photo.by_hand) == (sm3(photograph).hex(), 90, False)
    assert standing(matter) == {"人民调解记录": (2, [1]), "人民调解协议书": (2, [2])}
    assert standing(other) == {"人民调解申请书": (1, [])}
    assert told(matter)[-2:] == ["paper.signed", "paper.signed"]

    # By hand: the sheet without a code, the earlier wording as it was signed, the better photograph instead.
    registrar = county.actor(*REGISTRAR)
    kind, reference = key_of(mine["record"])
    on_one = Target(matter.pk, kind, reference, page=1)
    flow.place(actor=registrar, page_id=page_at(county, scans, 1), target=on_one)
    flow.take(actor=registrar, pages=[page_at(county, scans, 7)])
    again = page_at(county, scans, 6)
    with refuses("page_taken", field="page"):
        flow.take(actor=registrar, pages=[again])
    flow.take(actor=registrar, pages=[again], replaces=True)
    with scope(registrar):
        copies = copies_of(matter)
        former = SignedPage.objects.get(matter=matter, ended_at__isnull=False)
        assert (former.pk, former.file_id is None, former.reason) == (photo.pk, False, "换成新扫描的")
        application = copies[key_of(mine["application"])]
        assert (application.is_complete, application.is_of(mine["application"])) == (True, False)
        assert copies[key_of(mine["record"])].is_of(mine["record"])
    assert standing(matter) == {
        "人民调解记录": (2, []),
        "人民调解协议书": (2, [2]),
        "人民调解申请书": (1, []),
    }
    assert told(matter)[-3:] == ["paper.signed", "paper.signed", "paper.signed_anew"]
    with refuses("scan_settled"):
        flow.take(actor=registrar, pages=[again], replaces=True)
    for at in (3, 4, 8):
        with scope(registrar):
            assert ScanStack.objects.get(pk=scans.pk).settled_at is None
        flow.set_aside(actor=registrar, page_id=page_at(county, scans, at), note="交承办人")
    with scope(registrar):
        settled = ScanStack.objects.get(pk=scans.pk).settled_at
    assert settled is not None

    # The same sheet once more, at the matter's own door: told, and kept once; another matter's goes nowhere by itself.
    more = handed_in(county, ("又来.jpg", better), ("别的.jpg", jpeg(theirs_one)), matter=matter)
    assert states(county, more) == [("same", 1, "卷08"), ("other", 1, "卷01")]

    # Taken out of the matter a page waits in its stack again, and that stack is not cleared.
    with scope(registrar):
        wrong = ScanPage.objects.get(stack=scans, place=1).signed
    flow.take_out(actor=registrar, matter_id=matter.pk, page_id=wrong.pk, reason="放错了地方")
    assert states(county, scans)[1] == ("unread", 0, "")
    assert standing(matter)["人民调解记录"] == (2, [1])
    expiring = {"stack_id": scans.pk, "county": scans.county, "person_id": scans.person_id}
    with clock.at(settled + settling.KEPT + timedelta(hours=1)):
        scanning.expire(**expiring)
        with scope(registrar):
            assert ScanStack.objects.get(pk=scans.pk).cleared_at is None
        flow.set_aside(actor=registrar, page_id=page_at(county, scans, 1))
    with clock.at(settled + 2 * settling.KEPT + timedelta(hours=2)):
        scanning.expire(**expiring)
    with scope(registrar):
        assert ScanStack.objects.get(pk=scans.pk).cleared_at is not None
        assert not ScanSource.objects.filter(stack=scans, file__isnull=False).exists()
        assert not ScanPage.objects.filter(stack=scans, file__isnull=False).exists()
        # What is filed is the matter's, and stays.
        assert not SignedPage.objects.filter(matter=matter, file__isnull=True).exists()


def test_what_is_refused_changes_nothing(county: SmallCounty, disk, monkeypatch):
    matter, elsewhere = mediated(county, Result.WRITTEN), mediated(county, Result.WRITTEN)
    sheet = jpeg(blank())
    for who in ((Role.HANDLER, "labour"), (Role.SUPERVISOR, "county"), (Role.AUDITOR, "county")):
        with refuses("scans_not_allowed"):
            handed_in(county, ("a.jpg", sheet), who=who)
    with refuses("matter_not_found"):
        handed_in(county, ("a.jpg", sheet), who=(Role.REGISTRAR, "other"), matter=matter)
    for files in (
        [],
        [("a.docx", b"PK")],
        [("a.txt", b"text")],
        [("a.jpg", PNG)],
        [("a.jpg", sheet)] * (scanning.MOST_FILES + 1),
    ):
        with refuses("invalid", field="files"):
            handed_in(county, *files)
    monkeypatch.setattr(scanning, "MOST_BYTES", len(sheet))
    with refuses("invalid", field="files"):
        handed_in(county, ("a.jpg", sheet), ("b.jpg", sheet))
    monkeypatch.setattr(scanning, "MOST_BYTES", 200 << 20)

    # One page is read while somebody waits.
    scans = handed_in(county, ("一页.jpg", sheet), matter=matter)
    assert (scans.state, states(county, scans)) == (StackState.DONE, [("unread", 0, "")])
    page, registrar = page_at(county, scans, 0), county.actor(*REGISTRAR)
    kind, reference = key_of(papers(county, matter)["duty"])
    with refuses("scan_not_found"):
        flow.set_aside(actor=county.actor(Role.REGISTRAR, "town"), page_id=page)
    with refuses("scans_not_allowed"):
        flow.set_aside(actor=county.actor(Role.HANDLER, "labour"), page_id=page)
    with refuses("no_such_paper"):
        flow.take(actor=registrar, pages=[page])
    for target, field in (
        (Target(matter.pk, kind, UUID(int=1), page=1), "paper"),
        (Target(elsewhere.pk, kind, reference, page=1), "paper"),
        (Target(matter.pk, kind, reference, page=3, pages=2), "page"),
        (Target(matter.pk, kind, reference, page=0), "page"),
    ):
        with refuses("invalid", field=field):
            flow.place(actor=registrar, page_id=page, target=target)
    with refuses("scans_in_hand"):
        flow.resume(actor=registrar, stack_id=scans.pk)
    signed = flow.place(actor=registrar, page_id=page, target=Target(matter.pk, kind, reference, page=2))
    assert (signed.page, signed.pages, signed.version, signed.by_hand) == (2, 2, "", True)
    with refuses("invalid", field="reason"):
        flow.take_out(actor=registrar, matter_id=matter.pk, page_id=signed.pk, reason="")
    with refuses("signed_page_not_found"):
        flow.take_out(actor=registrar, matter_id=elsewhere.pk, page_id=signed.pk, reason="放错了")

    # A stack that nobody goes on with, or that was too long, is ordered anew.
    monkeypatch.setattr(scanning, "MOST_PAGES", 1)
    monkeypatch.setattr(scanning, "AT_ONCE", 0)
    long = handed_in(county, ("两页.pdf", stack(blank(), blank())))
    read_by_job(county, long)
    with scope(registrar):
        long.refresh_from_db()
    assert (long.state, "三百页" in long.reason) == (StackState.REFUSED, True)
    assert last_audited().verb == "scans.read"
    monkeypatch.setattr(scanning, "MOST_PAGES", 300)
    flow.resume(actor=registrar, stack_id=long.pk)
    read_by_job(county, long)
    assert states(county, long) == [("unread", 0, ""), ("unread", 0, "")]


def test_nothing_is_filed_in_the_archive(county: SmallCounty, disk):
    matter = mediated(county, Result.WRITTEN)
    scan = jpeg(scanned(papers(county, matter)["agreement"])[0])
    with scope(EVERYWHERE):
        Matter.objects.filter(pk=matter.pk).update(state=State.ARCHIVED, step=STEP_OF[State.ARCHIVED])
    with refuses("archived"):
        handed_in(county, ("a.jpg", scan), matter=matter)
    scans = handed_in(county, ("a.jpg", scan))
    assert states(county, scans) == [("archived", 1, "卷08")]
    flow.set_aside(actor=county.actor(*REGISTRAR), page_id=page_at(county, scans, 0))
    assert standing(matter) == {}


def test_the_signed_copy_stands_in_the_bound_dossier(county: SmallCounty, disk):
    matter = mediated(county, Result.WRITTEN)
    made = papers(county, matter)
    with scope(county.actor(*REGISTRAR)):
        before = plan_of(Matter.objects.get(pk=matter.pk)).unsigned
    agreed = scanned(made["agreement"])
    photograph = jpeg(agreed[0], turned=90)
    sheet = {form: scanned(made[form])[0] for form in ("consent", "application", "power")}
    scans = handed_in(county, ("一叠.pdf", stack(*sheet.values(), *agreed[1:])), ("协议.jpg", photograph))
    # More than a few pages: by the job.
    read_by_job(county, scans)
    act(
        county, Role.REGISTRAR, amending.amend, matter, facts={"account": "又说了一遍。\n" * 9}, reason="补正"
    )
    record = papers(county, matter)["record"]
    first, second = scanned(record)
    handed_in(county, ("记录.pdf", stack(second.rotate(180), first)))
    with scope(county.actor(*REGISTRAR)):
        page = SignedPage.objects.get(matter=matter, title=made["power"].title)
        after = plan_of(Matter.objects.get(pk=matter.pk)).unsigned
    # What was changed since waits to be signed anew.
    assert {made[form].title for form in made} & set(before) - set(after) == {
        made[form].title for form in ("record", "consent", "power")
    }
    volume = bind(order(county, matter))
    remarks: dict[str, list[str]] = {}
    for row in volume.contents:
        remarks.setdefault(row["title"], []).append(row["remark"])
    assert [remarks[made[form].title] for form in ("record", "power", "agreement", "duty")] == [
        ["签字件"],
        ["签字件"],
        ["有空白待填；待签字", "签字件，签后内容有变动"],
        ["有空白待填；待签字"],
    ]
    content = fetched(county, matter, volume)
    begins = {row["title"]: row["page"] + 1 for row in volume.contents if row["page"]}
    # Upright and in order, each sheet with its own mark and no other.
    marks = marks_of(content, begins[record.title], begins[record.title] + 1)
    assert marks == [f"{matter.code}-卷07#{page}/2@{version_of(record)}" for page in (1, 2)]
    with zipfile.ZipFile(io.BytesIO(fetched(county, matter, volume, "bundle"))) as bundle:
        [name] = [each for each in bundle.namelist() if each.endswith("协议书-第1页.jpg")]
        assert (name.startswith("签字件/"), bundle.read(name)) == (True, photograph)
        assert sm3(photograph).hex() in bundle.read("SM3.txt").decode()
    # A page of the bound dossier that is scanned in again is the sheet that it shows.
    [leaf] = sheets(content, begins[made["power"].title])
    again = handed_in(county, ("卷里的.jpg", jpeg(leaf)))
    assert states(county, again) == [("again", 1, "卷05")]
    assert page.ended_at is None
