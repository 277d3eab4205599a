from __future__ import annotations

from allauth.idp.oidc.models import Client
from django.conf import settings
from django.db import models

from fengqiao.kernel.ids import new_id
from fengqiao.places.models.posts import Stationing


class MachineClient(models.Model):
    """A machine's way in: a client of the token endpoint, tied to the exchange post that it acts as.

    The post gives county and centre; the client holds the hashed secret and the scopes. One that was ended
    is kept: it says who issued what, and until when.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="machine")
    stationing = models.ForeignKey(Stationing, on_delete=models.PROTECT, related_name="machines")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
