from __future__ import annotations

from django.db import models

from fengqiao.exchange.enums import IN_HAND, ImportState
from fengqiao.kernel.ids import new_id


class ImportRun(models.Model):
    """One ledger that somebody sent in: checked, confirmed, taken in. Only the person who sent it sees it.

    ``rows`` = ``registered`` + ``already`` + ``rejected``: of the check until it is confirmed (what would
    come about), of the import from then on (what came about); ``total`` is the number of rows in the file.
    ``attempt`` grows with every start of a job, so that one that was taken for dead writes nothing more.
    ``sample`` holds the first rows, ``BadRow`` the rejected ones, both encrypted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("places.Post", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    bad_file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    # Empty until the check has found which one fits the columns.
    mapping = models.CharField(max_length=40, blank=True)
    as_of = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.CHECKING)
    attempt = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    registered = models.PositiveIntegerField(default=0)
    already = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    columns = models.JSONField(default=list)
    units = models.JSONField(default=dict)
    sample = models.BinaryField(null=True)
    # Of who asked last, for the check or the import: what is said of its cells is written down in it.
    language = models.CharField(max_length=16, db_default="zh-hans")
    reason = models.TextField(blank=True)
    uploaded_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-uploaded_at"], name="import_newest")]

    @property
    def is_in_hand(self) -> bool:
        return self.state in IN_HAND


class BadRow(models.Model):
    """A row that is not taken: its cells and what is wrong with them, encrypted for its run and line."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="bad_rows")
    line = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        ordering = ("line",)
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="bad_row_once")]
