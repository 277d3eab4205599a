"""Marking notices as read: each by its addressee, for themselves alone."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fengqiao.accounts.actor import Actor
from fengqiao.kernel import clock
from fengqiao.kernel.errors import NotAllowed
from fengqiao.notices.models import Notice
from fengqiao.notices.queries.inbox import notices_of


def read(*, actor: Actor, notice_id: UUID) -> Notice:
    """Marks a notice as read; one that was read before keeps its moment. Raises ``NotAllowed``."""
    notice = notices_of(actor).select_related("about").filter(pk=notice_id).first()
    if notice is None:
        raise NotAllowed("notice_not_found", _("没有这条通知，或不是给您现在的岗位的。"))
    if notice.read_at is None:
        notice.read_at = clock.now()
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=notice.read_at)
    return notice


def read_all(*, actor: Actor, newest: UUID) -> int:
    """Marks all up to the newest that the reader has seen (its key) as read, and says how many."""
    return notices_of(actor).filter(read_at=None, pk__lte=newest).update(read_at=clock.now())


def forget_old() -> int:
    """Removes what was read half a year ago, and what nobody read within two years (a nightly sweep)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT notices_forget()")
        return int(cursor.fetchone()[0])
