"""What is open before an office does not vanish in the archive."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fengqiao.kernel.errors import Refusal
from fengqiao.matters.enums import Action
from fengqiao.matters.events import Moved
from fengqiao.referrals.enums import OPEN
from fengqiao.referrals.models import Referral


def before_archive(moved: Moved) -> None:
    """Refuses to archive a matter of which something is open: ``referral_open`` (handler of ``Moved``)."""
    if moved.action != Action.ARCHIVE:
        return
    if Referral.objects.filter(matter_id=moved.matter_id, state__in=OPEN).exists():
        raise Refusal("referral_open", _("还有没办完的转介或者移交：请先记录结果，或者撤回。"))
