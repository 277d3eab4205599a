from __future__ import annotations

from django.db import models

from fengqiao.kernel.ids import new_id


class AnsweredRequest(models.Model):
    """A request that was carried out, by its Idempotency-Key. Only who sent it sees the row: the wall says so.

    ``digest`` is keyed per county: it finds the same request again and tells nothing of what was in it.
    ``answer`` holds the codes from which the answer is made again, never what was sent.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    county = models.CharField(max_length=6)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    client = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=80)
    digest = models.BinaryField()
    answer = models.JSONField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "person", "client", "key"], name="answered_once")
        ]
        indexes = [models.Index(fields=["answered_at"], name="answered_when")]
