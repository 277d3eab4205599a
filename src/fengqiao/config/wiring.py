"""The one table event → handlers, and the one place that knows both ends."""

from __future__ import annotations


def connect_all() -> None:
    """Called once at start, when all rooms are loaded."""
    from fengqiao.accounts import events as accounts
    from fengqiao.accounts.domain import people
    from fengqiao.dispatch.domain.dispatching import end_dispatch
    from fengqiao.flows import sign_in
    from fengqiao.kernel import guards
    from fengqiao.kernel.events import connect
    from fengqiao.matters import events as matters
    from fengqiao.mediation.domain.mediating import end_mediation
    from fengqiao.places.queries.people import person_in_reach

    connect(accounts.SignedIn, sign_in.audit_signed_in)
    connect(accounts.SignedOut, sign_in.audit_signed_out)
    connect(accounts.SignInFailed, sign_in.audit_failed)
    connect(accounts.SecondFactorChanged, sign_in.audit_second_factor)
    connect(accounts.SecondFactorFailed, sign_in.audit_second_factor_failed)
    connect(accounts.PasswordChanged, sign_in.audit_password_changed)
    connect(matters.Moved, end_mediation, end_dispatch)

    guards.supply(people.IN_REACH, person_in_reach)
