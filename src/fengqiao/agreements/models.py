from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.agreements import enums
from fengqiao.matters.models.base import MatterRecord


class Agreement(MatterRecord):
    """What the parties of one mediation agreed (人民调解法 第28–31条).

    ``facts``, ``issues`` and ``responsibility`` are the paper's own words; ``answers`` hold, by the question's id,
    what the mediator answered before signing ("no", or why it is no hindrance). ``number`` counts within county and
    year. ``effective_on`` is the day on which the last mark came, or on which it was agreed orally.
    """

    mediation = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="agreements")
    way = models.CharField(max_length=8, choices=enums.Way.choices)
    state = models.CharField(
        max_length=10, choices=enums.AgreementState.choices, default=enums.AgreementState.DRAFT
    )
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    facts = models.TextField()
    issues = models.TextField()
    responsibility = models.TextField(blank=True)
    # Counts what was written anew before signing; the terms of earlier drafts stay where they are.
    draft = models.PositiveSmallIntegerField(default=1)
    answers = models.JSONField(default=dict)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("drafted_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["mediation"], condition=Q(state="draft"), name="one_draft_of_a_mediation"
            ),
            models.UniqueConstraint(fields=["county", "year", "number"], name="agreement_number"),
            models.CheckConstraint(
                condition=Q(state="effective", effective_on__isnull=False)
                | (~Q(state="effective") & Q(effective_on__isnull=True)),
                name="effective_on_a_day",
            ),
        ]


class Term(MatterRecord):
    """One promise: who owes what, how much, to whom, by when and how. Amounts are yuan."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="terms")
    draft = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=enums.TermKind.choices)
    debtor = models.ForeignKey("matters.Party", on_delete=models.PROTECT, related_name="+")
    creditor = models.ForeignKey(
        "matters.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    what = models.TextField()
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    how = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=enums.TermState.choices, default=enums.TermState.PROPOSED)
    paid = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    # When somebody is to be told of the day next; empty while no sweep has looked (clocks.domain.agreed_days).
    chase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("place", "id")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "draft", "place"], name="term_place"),
            models.CheckConstraint(
                condition=~Q(kind="pay") | (Q(amount__gt=0) & Q(due__isnull=False)),
                name="payment_has_amount_and_day",
            ),
            models.CheckConstraint(condition=~Q(kind="do") | Q(due__isnull=False), name="deed_has_a_day"),
        ]
        indexes = [
            models.Index(fields=["county", "due"], condition=Q(state__in=("due", "part")), name="term_owed"),
            models.Index(fields=["chase_at"], condition=Q(state__in=("due", "part")), name="term_chased"),
        ]


class Signature(MatterRecord):
    """One mark under a written agreement: a party's (or its agent's), the mediator's, the organisation's seal.

    ``strokes``: of one that was drawn on a tablet, the lines as they were drawn; ``drawn_sm3`` ties them to the words.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    signer = models.CharField(max_length=14, choices=enums.Signer.choices)
    party = models.ForeignKey(
        "matters.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agent = models.ForeignKey(
        "matters.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=100)
    mark = models.CharField(max_length=12, choices=enums.Mark.choices)
    on = models.DateField()
    strokes = models.JSONField(null=True)
    drawn_sm3 = models.CharField(max_length=64, blank=True, default="", db_default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="party_signs_once"),
            models.UniqueConstraint(
                fields=["agreement", "signer"], condition=Q(party__isnull=True), name="others_sign_once"
            ),
        ]


class TermNote(MatterRecord):
    """What happened to a term: something was performed, somebody was reminded, visited or told of remedies.

    ``paper``: the material that shows it; several terms that were performed at once share one.
    """

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=enums.NoteKind.choices)
    on = models.DateField()
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    text = models.TextField()
    advice = models.JSONField(default=list)
    paper = models.ForeignKey(
        "matters.MatterFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")


class Sketch(MatterRecord):
    """What is typed of an agreement before it is written down as one, kept every few seconds (拟稿).

    One of a mediation is open at a time. ``agreement`` and its ``draft``: on which it was begun (none: a new paper),
    and once it was written down as one (``taken_at``), which it became. ``cells`` and ``order`` are what stands in the
    form (agreements/sketches.py), ``marks`` by cell the version in which it was changed last, by whom and when;
    ``replaced``: what somebody wrote and somebody else changed, so that nothing that was kept is lost.
    """

    mediation = models.ForeignKey("mediation.Mediation", on_delete=models.PROTECT, related_name="sketches")
    agreement = models.ForeignKey(
        Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="sketches"
    )
    draft = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)
    order = models.JSONField(default=list)
    marks = models.JSONField(default=dict)
    replaced = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("version", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["mediation"], condition=Q(taken_at__isnull=True), name="one_sketch_of_a_mediation"
            ),
        ]


class AgreementNumber(models.Model):
    """The last number of agreements of a county and year."""

    # The county and the year, as in "440785-2026".
    key = models.CharField(primary_key=True, max_length=11)
    county = models.CharField(max_length=6)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.last}"
