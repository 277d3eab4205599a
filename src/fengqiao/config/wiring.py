"""The one table event → handlers, and the one place that knows both ends."""

from __future__ import annotations


def connect_all() -> None:
    """Called once at start, when all rooms are loaded."""
    from fengqiao.accounts import events as accounts
    from fengqiao.accounts.domain import people
    from fengqiao.agreements import waited as agreed
    from fengqiao.agreements.domain import ending as agreements
    from fengqiao.clocks import events as clocks
    from fengqiao.clocks.domain import agreed_days, facts, recounting
    from fengqiao.clocks.queries.what_if import next_ends
    from fengqiao.confirmation import waited as court
    from fengqiao.confirmation.domain import ending as enforcement
    from fengqiao.counsel import waited as consulted
    from fengqiao.counsel.domain import calling as consultations
    from fengqiao.counsel.domain import tasking as teams
    from fengqiao.dispatch import events as dispatch
    from fengqiao.dispatch.domain.dispatching import end_dispatch
    from fengqiao.dossier.domain import binding
    from fengqiao.dossier.queries import papers
    from fengqiao.exchange.domain.telling import write_outbox
    from fengqiao.flows import chasing, noticing, reminding, replaying, sign_in
    from fengqiao.kernel import guards
    from fengqiao.kernel.events import connect
    from fengqiao.leading.domain import ending as leading_ends
    from fengqiao.leading.queries import recommendations
    from fengqiao.matters import enums
    from fengqiao.matters import events as matters
    from fengqiao.matters.domain import sight
    from fengqiao.matters.domain.replaying import count_ends
    from fengqiao.mediation import waited as mediated
    from fengqiao.mediation.domain.mediating import end_mediation
    from fengqiao.mediators.queries import fitting
    from fengqiao.places.enums import DepartmentKind
    from fengqiao.places.queries.people import person_in_reach
    from fengqiao.pool import waited as pool
    from fengqiao.pool.domain import appointments
    from fengqiao.pool.queries.lawyers import who_advises
    from fengqiao.referrals import waited as referred
    from fengqiao.referrals.domain import ending as referrals
    from fengqiao.reporting import enums as reporting
    from fengqiao.reporting.domain import ending as reports_ending
    from fengqiao.reporting.queries.papers import report_papers
    from fengqiao.reporting.queries.reports import has_open_report
    from fengqiao.reviews.domain import criminal, listing, reviewing
    from fengqiao.rules import subcommands, vocabulary
    from fengqiao.study.domain import concluding
    from fengqiao.supervision import enums as supervision
    from fengqiao.supervision.domain import ending, turning
    from fengqiao.supervision.queries.papers import letters_of

    connect(accounts.SignedIn, sign_in.audit_signed_in)
    connect(accounts.LinkedElsewhere, sign_in.audit_linked)
    connect(accounts.SignedOut, sign_in.audit_signed_out)
    connect(accounts.SignInFailed, sign_in.audit_failed)
    connect(accounts.SecondFactorChanged, sign_in.audit_second_factor)
    connect(accounts.SecondFactorFailed, sign_in.audit_second_factor_failed)
    connect(accounts.PasswordChanged, sign_in.audit_password_changed)
    connect(
        matters.Moved,
        end_mediation,
        agreements.end_with_mediation,
        referrals.before_archive,
        consultations.end_with_matter,
        appointments.end_with_matter,
        enforcement.end_with_performance,
        teams.end_with_matter,
        end_dispatch,
        ending.end_with_matter,
        leading_ends.end_with_matter,
        reports_ending.end_with_matter,
        concluding.end_with_matter,
        criminal.follow,
        binding.bind_with_archive,
    )
    connect(matters.Registered, facts.start_clocks)
    connect(clocks.CalendarChanged, recounting.order)
    connect(matters.Recorded, facts.take_moves, write_outbox, noticing.tell_of_links)
    connect(dispatch.Issued, facts.take_issued)
    connect(dispatch.SignOffsAsked, facts.take_sign_offs_asked)
    connect(dispatch.Acted, facts.take_acted, ending.end_with_part)
    connect(dispatch.Whistled, noticing.tell_of_whistle)
    connect(clocks.Reached, chasing.tell_of_thresholds)
    connect(clocks.DaysReached, reminding.tell_of_days)

    count_ends(next_ends)
    agreed_days.watch(agreed.TERMS, mediated.TALKS, pool.APPOINTMENTS, consulted.OPINIONS)
    agreed_days.watch(referred.ANSWERS, referred.HANDED_IN)
    agreed_days.watch(court.SUPPLIES, court.HEARINGS, court.CONFIRM, court.ENFORCE_BY)
    fitting.leave_out(who_advises)
    papers.also(letters_of)
    papers.also(recommendations.letters_of)
    papers.also(report_papers)
    sight.held_before("supervision", turning.is_before)
    sight.held_before("list", listing.is_before)
    sight.held_before("report", has_open_report)
    sight.held_before("review", reviewing.is_before)
    guards.supply(people.IN_REACH, person_in_reach)
    subcommands.bring(replaying.COMMAND)
    vocabulary.speak(
        claim=enums.ClaimKind,
        against=enums.AgainstKind,
        procedure=enums.ProcedureKind,
        scale=enums.Scale,
        danger=enums.Danger,
        risk=enums.Risk,
        track=enums.Track,
        tier=enums.Tier,
        department=DepartmentKind,
        due_report=reporting.DueReport,
        report_receiver=reporting.ReportReceiver,
        rung=supervision.Rung,
        ground=supervision.Ground,
        due_supervision=supervision.DueSupervision,
    )
