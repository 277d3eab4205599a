from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate

from fengqiao.kernel import clock
from fengqiao.matters.models.base import MatterRecord
from fengqiao.mediation import enums
from fengqiao.rules.queries.mediation_bodies import advice_on
from fengqiao.rules.queries.mediation_telling import ToTell


class Mediation(MatterRecord):
    """One mediation of a matter, from the parties' consent to its result."""

    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_by = models.UUIDField()
    sent_at = models.DateTimeField()
    result = models.CharField(max_length=10, choices=enums.Result.choices, blank=True)
    text = models.TextField(blank=True)
    performance_due = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("sent_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="one_mediation_at_a_time"
            )
        ]


class Consent(MatterRecord):
    """A party's recorded answer to being asked whether they agree to mediation (人民调解法 第17条)."""

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="consents")
    party = models.ForeignKey("matters.Party", on_delete=models.PROTECT, related_name="consents")
    agreed = models.BooleanField()
    method = models.CharField(max_length=10, choices=enums.ConsentMethod.choices)
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()


class RightsTold(MatterRecord):
    """That a party was told what mediation is, its principles and effect, their rights and duties, and how.

    Of the answer that the party gave: a party of a mediation is told once, and what was told stays. What was said
    are the rows of rules/data/mediation-telling.csv that held on ``told_on``.
    """

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="told")
    method = models.CharField(max_length=10, choices=enums.ConsentMethod.choices)
    told_on = models.DateField()
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()


class Footing(MatterRecord):
    """On what footing a mediation stands: by whom it is held, at whose initiative. The newest one counts.

    ``body`` is a row of rules/data/mediation-bodies.csv; ``fee`` is yuan, for those who may charge one.
    """

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="footings")
    body = models.CharField(max_length=24)
    name = models.CharField(max_length=100)
    initiative = models.CharField(max_length=8, choices=enums.Initiative.choices)
    fee = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")


class Standing(MatterRecord):
    """Who stands for a party of the matter: the authority of its agent, its guardian, or its own word.

    ``name`` is the agent or guardian; ``paper`` what says so. Rows are added; the newest of a kind counts.
    """

    party = models.ForeignKey("matters.Party", on_delete=models.PROTECT, related_name="standings")
    kind = models.CharField(max_length=10, choices=enums.StandingKind.choices)
    name = models.CharField(max_length=64, blank=True)
    paper = models.CharField(max_length=200, blank=True)
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")


class Helper(MatterRecord):
    """Somebody who mediates beside the mediator: a colleague of the centre (``person``), or one who was asked in."""

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="helpers")
    kind = models.CharField(max_length=10, choices=enums.HelperKind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=64)
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("recorded_at", "id")


class RecusalAsked(MatterRecord):
    """A party does not want one who mediates (回避), and what a leader decided on it."""

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="recusals_asked")
    party = models.ForeignKey("matters.Party", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("asked_at", "id")


class Sitting(MatterRecord):
    """A talk of a mediation, or an investigation: planned, held, put off.

    ``parties`` are the identities of who was asked or, once it is over, of who took part; ``present`` names others.
    """

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="sittings")
    kind = models.CharField(max_length=12, choices=enums.SittingKind.choices)
    way = models.CharField(max_length=8, choices=enums.SittingWay.choices)
    state = models.CharField(
        max_length=10, choices=enums.SittingState.choices, default=enums.SittingState.PLANNED
    )
    planned_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    parties = models.JSONField(default=list)
    present = models.CharField(max_length=500, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=500, blank=True)
    planned_by = models.UUIDField()
    # When it was planned; empty of what was planned before this was written down.
    recorded_at = models.DateTimeField(null=True, blank=True)
    # When somebody is to be told of the day next; empty while no sweep has looked (clocks.domain.agreed_days).
    chase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("planned_at", "id")
        indexes = [
            models.Index(
                fields=["county", "planned_at"],
                condition=Q(state__in=("planned", "running")),
                name="talk_to_come",
            ),
            models.Index(fields=["chase_at"], condition=Q(state="planned"), name="talk_chased"),
        ]

    @property
    def is_sealed(self) -> bool:
        """Whether its notes are for who mediates and their leaders alone."""
        return self.kind == enums.SittingKind.SEPARATE


class SittingNote(MatterRecord):
    """What was written down during a talk. Whoever saves last has the last version; another's stays beside it.

    ``sealed``: of a separate talk. The database shows such a row to who mediates and to the leaders of the centre
    that holds the matter, and to nobody else.
    """

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="+")
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="notes")
    sealed = models.BooleanField()
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    issues = models.TextField(blank=True)
    by = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("version", "id")
        constraints = [models.UniqueConstraint(fields=["sitting", "version"], name="note_version_once")]


class PromisedEvidence(MatterRecord):
    """Something that a party promised to bring by a day, in a talk or beside it (答应带来的材料).

    ``paper``: the material that it became. ``sealed``: promised in a separate talk; the database shows the row as it
    shows the notes of that talk.
    """

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="evidence")
    sitting = models.ForeignKey(
        Sitting, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    sealed = models.BooleanField()
    party = models.ForeignKey("matters.Party", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=500)
    by_day = models.DateField()
    state = models.CharField(
        max_length=8, choices=enums.EvidenceState.choices, default=enums.EvidenceState.WAITING
    )
    came_on = models.DateField(null=True, blank=True)
    paper = models.ForeignKey(
        "matters.MatterFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    why = models.CharField(max_length=500, blank=True)
    promised_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ("by_day", "id")
        indexes = [
            models.Index(fields=["county", "by_day"], condition=Q(state="waiting"), name="evidence_awaited")
        ]

    @property
    def is_waited_for(self) -> bool:
        return self.state == enums.EvidenceState.WAITING

    @property
    def is_late(self) -> bool:
        """Whether the day for it is over and it has not come."""
        return self.is_waited_for and self.by_day < clock.today()


class ClaimResult(MatterRecord):
    """What came of one claim (or of everything, without one) between two parties. The newest of the same counts.

    ``advised``: rows of mediation-advice.csv that the two were told of (人民调解法 第26条).
    """

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="claim_results")
    claim = models.ForeignKey(
        "matters.Claim", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    of_party = models.ForeignKey("matters.Party", on_delete=models.PROTECT, related_name="+")
    against_party = models.ForeignKey("matters.Party", on_delete=models.PROTECT, related_name="+")
    came = models.CharField(max_length=10, choices=enums.Came.choices)
    text = models.TextField()
    advised = models.JSONField(default=list)
    by = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    @property
    def ways(self) -> list[ToTell]:
        """The ways that the two were told of, with where they are written."""
        return [each for each in advice_on(localdate(self.at)) if each.id in self.advised]
