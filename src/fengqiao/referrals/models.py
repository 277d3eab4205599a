from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from fengqiao.matters.models.base import MatterRecord
from fengqiao.mediation.enums import ConsentMethod
from fengqiao.referrals import enums


class Referral(MatterRecord):
    """A matter, or one party's need, before an office outside; or handed in by one (``kind``: referral-kinds.csv).

    ``office`` is its name; ``department`` where a post of that office answers on the platform. ``sent_at`` is when it
    went out, or when the papers that came in were signed for by ``signed_by``. ``number`` is the other side's: the
    court's, that of the receipt. ``answer_by`` is what both agreed on: no statute's limit, which are clocks.
    ``contact`` is the officer there who accepted, ``received_by`` who took the result over.
    """

    kind = models.CharField(max_length=24)
    state = models.CharField(
        max_length=12, choices=enums.ReferralState.choices, default=enums.ReferralState.WAITING
    )
    office = models.CharField(max_length=200)
    department = models.ForeignKey(
        "places.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="referrals"
    )
    party = models.ForeignKey(
        "matters.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="referrals"
    )
    asked = models.TextField()
    urgent = models.BooleanField(default=False)
    number = models.CharField(max_length=100, blank=True)
    sent_at = models.DateTimeField()
    signed_by = models.CharField(max_length=100, blank=True)
    answer_by = models.DateField(null=True, blank=True)
    consent_on = models.DateField(null=True, blank=True)
    consent_method = models.CharField(max_length=10, choices=ConsentMethod.choices, blank=True)
    # Of an expert opinion: who agreed to it, and who pays.
    agreed_by = models.CharField(max_length=200, blank=True)
    paid_by = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    contact = models.CharField(max_length=100, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=enums.Outcome.choices, blank=True)
    result = models.TextField(blank=True)
    received_by = models.CharField(max_length=100, blank=True)
    paper = models.ForeignKey(
        "matters.MatterFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # When somebody is to be told of the day next; empty while no sweep has looked (clocks.domain.agreed_days).
    chase_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("sent_at", "id")
        constraints = [
            # A limit that runs meanwhile is one, and its answer is one.
            models.UniqueConstraint(
                fields=["matter", "kind", "party"],
                condition=Q(state__in=("waiting", "accepted")),
                nulls_distinct=False,
                name="one_open_referral",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "accepted"), ended_at__isnull=True)
                | (~Q(state__in=("waiting", "accepted")) & Q(ended_at__isnull=False)),
                name="referral_ends_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "sent_at"],
                condition=Q(state__in=("waiting", "accepted")),
                name="referral_open",
            ),
            models.Index(
                fields=["department", "sent_at"],
                condition=Q(department__isnull=False),
                name="referral_of_office",
            ),
            models.Index(
                fields=["chase_at"],
                condition=Q(state__in=("waiting", "accepted"), answer_by__isnull=False),
                name="referral_chased",
            ),
        ]


class ReferralPaper(MatterRecord):
    """A material of the matter that went along with a referral (随附材料): the office that was asked fetches it here.

    ``fetched_at``: when a post of that office opened it first.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="papers")
    file = models.ForeignKey("matters.MatterFile", on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("sent_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["referral", "file"], name="paper_goes_along_once"),
        ]
