"""One person for each role of the demo county, to sign in as."""

from __future__ import annotations

from collections.abc import Sequence

from fengqiao.accounts.enums import Role
from fengqiao.kernel import clock
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import place_label
from fengqiao.places.queries.divisions import in_force
from fengqiao.simulate.county import PASSWORD

LOGINS = (
    *("registrar", "petition", "legal", "industry", "dispatcher", "mediator", "director", "executive"),
    *("standing", "commander", "inspector", "supervisor", "commission", "labour", "police"),
    *("encheng-registrar", "encheng-dispatcher", "encheng-director", "encheng-handler", "dongmen-registrar"),
    *("jiangmen-dispatcher", "jiangmen-supervisor", "kaiping-registrar"),
    *("auditor", "sysadmin", "secadmin"),
)


def sign_ins() -> Sequence[tuple[str, str, str]]:
    """Role and place, login and password of each that there is, county first."""
    posts: dict[str, list[str]] = {}
    stationed = Stationing.objects.filter(in_force(clock.today()), person__username__in=LOGINS)
    for each in stationed.select_related(
        "person", "post", "post__centre", "post__department", "post__division"
    ).order_by("valid_from", "id"):
        label = f"{Role(each.post.role).label} · {place_label(each)}"
        posts.setdefault(each.person.username, []).append(label)
    return [("、".join(posts[login]), login, PASSWORD) for login in LOGINS if login in posts]
