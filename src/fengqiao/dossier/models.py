from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from fengqiao.dossier import enums
from fengqiao.kernel.ids import new_id
from fengqiao.matters.enums import Restriction
from fengqiao.matters.models.base import MatterRecord


class Service(MatterRecord):
    """Proof of service (送达回证): which paper reached whom, how and when. Periods run from this moment."""

    paper = models.CharField(max_length=10, choices=enums.PaperKind.choices)
    reference = models.UUIDField()
    addressee = models.CharField(max_length=100)
    method = models.CharField(max_length=12, choices=enums.ServiceMethod.choices)
    served_at = models.DateTimeField()
    remark = models.CharField(max_length=200, blank=True)
    proof = models.ForeignKey("matters.MatterFile", null=True, blank=True, on_delete=models.PROTECT)
    served_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("served_at",)


class Volume(MatterRecord):
    """One binding of a matter's dossier (卷宗): one PDF and a zip of its parts, written by a job.

    ``version`` is the matter's when it was read; ``contents`` what lies in it (title, page, remark), ``gaps``
    what must and does not. ``parts`` and ``done`` say how far the job is, ``touched_at`` when it last said so.
    ``is_final``: it was bound in the archive, and nothing takes its place. ``digest`` is the SM3 of the PDF.
    ``retention`` is a period of rules/data/retention.csv, ``keep_until`` its last day, of a final one.
    ``disposed_at``: its files were disposed of after that day; the row and the digest stay.
    """

    state = models.CharField(
        max_length=8, choices=enums.VolumeState.choices, default=enums.VolumeState.ORDERED
    )
    is_final = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+")
    parts = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    contents = models.JSONField(default=list)
    gaps = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    bundle = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    retention = models.CharField(max_length=10)
    keep_until = models.DateField(null=True)
    ordered_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    disposed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("ordered_at", "id")

    @property
    def is_unfinished(self) -> bool:
        return self.state in enums.UNFINISHED


class DisposalBatch(models.Model):
    """Dossiers whose time is over, put together by one person to be disposed of (销毁), decided on by another.

    ``number`` counts within county and year; ``grounds`` say why they may go, ``decision`` what the leader found.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10, choices=enums.BatchState.choices, default=enums.BatchState.PROPOSED
    )
    grounds = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-proposed_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="disposal_number"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="disposal_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


class DisposalItem(MatterRecord):
    """One line of the list of disposal (销毁清册): which dossier, and what became of it.

    ``pages``, ``digest`` and ``keep_until`` are the binding's when it was listed; ``reason`` says why a dossier was
    left out at the decision.
    """

    batch = models.ForeignKey(DisposalBatch, on_delete=models.PROTECT, related_name="items")
    volume = models.ForeignKey(Volume, on_delete=models.PROTECT, related_name="disposals")
    state = models.CharField(max_length=8, choices=enums.ItemState.choices, default=enums.ItemState.LISTED)
    pages = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    keep_until = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("keep_until", "id")
        constraints = [
            models.UniqueConstraint(fields=["batch", "volume"], name="disposal_lists_once"),
            models.UniqueConstraint(
                fields=["volume"], condition=Q(state="disposed"), name="volume_disposed_once"
            ),
        ]


class DisposalNumber(models.Model):
    """The last number of batches of a county and year."""

    # The county and the year, as in "440785-2026".
    key = models.CharField(primary_key=True, max_length=11)
    county = models.CharField(max_length=6)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.last}"


class FormTemplate(models.Model):
    """A county's own .docx of a form (`forms.toml`): uploaded by one, put in force by another from a day on.

    ``number`` counts the county's versions of the form. ``fields`` are what stands in it. In force is the newest
    approved one whose days hold; where there is none, the shipped one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    form = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10, choices=enums.TemplateState.choices, default=enums.TemplateState.DRAFT
    )
    name = models.CharField(max_length=100)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    fields = models.JSONField(default=list)
    why = models.TextField()
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        ordering = ("form", "-number")
        constraints = [
            models.UniqueConstraint(fields=["county", "form", "number"], name="template_number"),
            models.UniqueConstraint(
                fields=["county", "form"], condition=Q(state="draft"), name="one_template_waits"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (Q(valid_from__isnull=False, decided_by__isnull=False) & ~Q(decided_by=F("drafted_by"))),
                name="template_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.number}"


class SignedPage(MatterRecord):
    """One page of the signed copy (签字件) of a paper, as it came from the scanner.

    ``paper`` and ``reference`` name the paper as in ``Service``; ``version`` is the wording that its mark names, empty
    where nobody can say. ``digest`` is the SM3 of ``file``, ``source_digest`` that of what was handed in, of which it
    is page ``leaf``. ``turn``: degrees clockwise to stand upright. One that was replaced or taken out stays, ended.
    ``file`` is empty once it was disposed of; the digest stays.
    """

    paper = models.CharField(max_length=10, choices=enums.PaperKind.choices)
    reference = models.UUIDField()
    title = models.CharField(max_length=100)
    page = models.PositiveSmallIntegerField()
    pages = models.PositiveSmallIntegerField()
    version = models.CharField(max_length=8, blank=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    picture = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    turn = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64)
    source_name = models.CharField(max_length=200)
    source_digest = models.CharField(max_length=64)
    leaf = models.PositiveSmallIntegerField()
    by_hand = models.BooleanField(default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("paper", "reference", "page", "added_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "paper", "reference", "page"],
                condition=Q(ended_at__isnull=True),
                name="one_scan_of_a_page",
            ),
            models.CheckConstraint(
                condition=Q(page__gte=1, pages__gte=F("page")), name="signed_page_of_pages"
            ),
        ]


class Scanned(models.Model):
    """What came with a stack: seen by the posts of the centre, and of a matter by whoever reads that."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    restriction = models.CharField(max_length=10, choices=Restriction.choices, default=Restriction.OPEN)
    matter = models.ForeignKey("matters.Matter", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey("places.Centre", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class ScanStack(Scanned):
    """A stack of scans as it was handed in: in a matter (``matter``), or of the window's day.

    ``total`` and ``done`` count its pages while they are read. ``settled_at``: nothing in it waits any more;
    ``cleared_at``: what was handed in was removed, long after that.
    """

    post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=enums.StackState.choices, default=enums.StackState.ORDERED)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    handed_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-handed_at", "-id")
        indexes = [models.Index(fields=["centre", "-handed_at"], name="stack_newest")]

    @property
    def is_unread(self) -> bool:
        return self.state in enums.UNREAD_STACKS


class ScanSource(Scanned):
    """One file of a stack, byte for byte; ``digest`` is its SM3, ``trouble`` why nothing of it was read."""

    stack = models.ForeignKey(ScanStack, on_delete=models.PROTECT, related_name="sources")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=10, choices=enums.SourceTrouble.choices, blank=True)

    class Meta:
        ordering = ("stack", "place")
        constraints = [models.UniqueConstraint(fields=["stack", "place"], name="source_place")]


class ScanPage(Scanned):
    """One page of a stack: what its mark says (``number``, ``page`` of ``pages``, ``version``), and what became of it.

    ``matter`` is the one that the mark names, else the one in which the stack was handed in. Of a matter that the
    person may not see neither its number nor a picture is kept here. ``file`` and ``picture`` are held until the page
    is filed, and then by the matter alone. ``signed``: what it became, or what stands in its place. ``decided_at``: a
    person has said what becomes of it.
    """

    stack = models.ForeignKey(ScanStack, on_delete=models.PROTECT, related_name="pages")
    source = models.ForeignKey(ScanSource, on_delete=models.PROTECT, related_name="read_pages")
    place = models.PositiveIntegerField()
    leaf = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=enums.PageState.choices)
    number = models.CharField(max_length=60, blank=True)
    page = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0)
    version = models.CharField(max_length=8, blank=True)
    turn = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    picture = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    signed = models.ForeignKey(SignedPage, null=True, on_delete=models.PROTECT, related_name="scans")
    note = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("stack", "place")
        constraints = [models.UniqueConstraint(fields=["stack", "place"], name="page_place")]
