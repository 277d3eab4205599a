"""What the application's role may do, table by table: this list and the database say the same, or a test fails."""

from __future__ import annotations

import pytest

from tests.walls.catalogue import ROLE, ask, tables_with, walled_tables

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

RIGHTS = {
    # The machine: sessions, sign-in, queue, cache.
    "account_emailaddress": "DELETE INSERT SELECT UPDATE",
    "account_emailconfirmation": "DELETE INSERT SELECT UPDATE",
    "auth_group": "SELECT",
    "auth_permission": "SELECT",
    "django_content_type": "INSERT SELECT",
    "django_migrations": "SELECT",
    "django_session": "DELETE INSERT SELECT UPDATE",
    "mfa_authenticator": "DELETE INSERT SELECT UPDATE",
    "procrastinate_events": "DELETE INSERT SELECT UPDATE",
    "procrastinate_jobs": "DELETE INSERT SELECT UPDATE",
    "procrastinate_periodic_defers": "DELETE INSERT SELECT UPDATE",
    "procrastinate_workers": "DELETE INSERT SELECT UPDATE",
    "socialaccount_socialaccount": "DELETE INSERT SELECT UPDATE",
    "socialaccount_socialapp": "SELECT",
    "socialaccount_socialtoken": "DELETE SELECT",
    "shared_cache": "DELETE INSERT SELECT UPDATE",
    # Clients of machines, ended and never removed; the tokens that expired are swept.
    "allauth_idp_oidc_client": "INSERT SELECT",
    "allauth_idp_oidc_token": "DELETE INSERT SELECT",
    "places_machineclient": "INSERT SELECT",
    # People and places: no secret, never removed.
    "accounts_person": "INSERT SELECT UPDATE",
    "places_centre": "INSERT SELECT UPDATE",
    "places_department": "INSERT SELECT UPDATE",
    "places_departmentservice": "INSERT SELECT UPDATE",
    "places_division": "INSERT SELECT UPDATE",
    "places_divisionchange": "INSERT SELECT",
    "places_enrolment": "INSERT SELECT UPDATE",
    "places_grid": "INSERT SELECT UPDATE",
    "places_post": "INSERT SELECT UPDATE",
    "places_residence": "INSERT SELECT UPDATE",
    "places_stationing": "INSERT SELECT UPDATE",
    # The audit is added to; only the ends of its chains move.
    "audit_chainhead": "INSERT SELECT UPDATE",
    "audit_entry": "INSERT SELECT",
    # A file that nothing refers to any more is swept.
    "files_storedfile": "DELETE INSERT SELECT",
    # An export stays written down; its files go after a week.
    "exchange_exportrun": "INSERT SELECT",
    "exchange_exportschedule": "INSERT SELECT",
    # An import stays written down; its file and its bad rows go after a month.
    "exchange_importrun": "INSERT SELECT",
    "exchange_badrow": "DELETE INSERT SELECT",
    # What a body's written name means can be said anew.
    "exchange_writtenunit": "INSERT SELECT",
    # A request that was answered is written once; the owner's function removes it a day later.
    "api_answeredrequest": "INSERT SELECT",
    # What other systems are told, and how it fared; swept when it is over.
    "exchange_delivery": "DELETE INSERT SELECT",
    "exchange_subscription": "INSERT SELECT",
    # A matter and what belongs to it: written once, but for the columns below.
    "matters_assessment": "INSERT SELECT",
    "matters_claim": "INSERT SELECT",
    "matters_disposition": "INSERT SELECT",
    "matters_evaluation": "INSERT SELECT",
    "matters_handed": "INSERT SELECT",
    "matters_historyevent": "INSERT SELECT",
    "matters_informed": "INSERT SELECT",
    "matters_laidbefore": "INSERT SELECT",
    "matters_matter": "INSERT SELECT",
    "matters_matterfile": "INSERT SELECT",
    "matters_matterlink": "INSERT SELECT",
    "matters_namedreader": "SELECT",
    "matters_outsidenumber": "INSERT SELECT",
    "matters_party": "INSERT SELECT",
    "matters_partycontact": "INSERT SELECT",
    "matters_procedure": "INSERT SELECT",
    "matters_recusal": "INSERT SELECT",
    "matters_replay": "INSERT SELECT",
    "matters_replayed": "DELETE INSERT SELECT",
    "matters_ruling": "INSERT SELECT",
    # A view that was removed stays, for what was built on it.
    "matters_savedview": "INSERT SELECT",
    "matters_visit": "INSERT SELECT",
    "matters_word": "INSERT SELECT",
    # What a county laid over the calendar: corrected by another entry.
    "clocks_calendarentry": "INSERT SELECT",
    "clocks_calendarspan": "INSERT SELECT",
    "clocks_clock": "INSERT SELECT",
    "clocks_daytold": "INSERT SELECT",
    "clocks_fact": "INSERT SELECT",
    "clocks_reminder": "INSERT SELECT",
    "dispatch_assignment": "INSERT SELECT",
    "dispatch_call": "INSERT SELECT",
    "dispatch_callscore": "INSERT SELECT",
    "dispatch_dispatch": "INSERT SELECT",
    "dispatch_extension": "INSERT SELECT",
    "dispatch_notice": "INSERT SELECT",
    "dispatch_progress": "INSERT SELECT",
    "dispatch_returnrequest": "INSERT SELECT",
    "dispatch_signoff": "INSERT SELECT",
    "dispatch_whistle": "INSERT SELECT",
    # Read by whom it is addressed to; old ones are removed by the owner's function.
    "notices_notice": "INSERT SELECT",
    "notices_reaching": "INSERT SELECT",
    "mediation_consent": "INSERT SELECT",
    "mediation_mediation": "INSERT SELECT",
    "mediation_claimresult": "INSERT SELECT",
    "mediation_footing": "INSERT SELECT",
    "mediation_helper": "INSERT SELECT",
    "mediation_recusalasked": "INSERT SELECT",
    "mediation_rightstold": "INSERT SELECT",
    "mediation_promisedevidence": "INSERT SELECT",
    "mediation_sitting": "INSERT SELECT",
    "mediation_sittingnote": "INSERT SELECT",
    "mediation_standing": "INSERT SELECT",
    # What a centre can call on: the public part of it is shown to everybody.
    "pool_brandroom": "INSERT SELECT",
    "pool_atwork": "INSERT SELECT",
    "pool_heldat": "INSERT SELECT",
    "dossier_disposalbatch": "INSERT SELECT",
    "dossier_disposalitem": "INSERT SELECT",
    "dossier_disposalnumber": "INSERT SELECT",
    "pool_talent": "INSERT SELECT",
    "pool_asked": "INSERT SELECT",
    "pool_marketbody": "INSERT SELECT",
    "pool_feeschedule": "INSERT SELECT",
    "pool_feeagreement": "INSERT SELECT",
    "pool_turn": "INSERT SELECT",
    "pool_turnchange": "INSERT SELECT",
    "pool_appointment": "INSERT SELECT",
    "pool_following": "INSERT SELECT",
    "dossier_formtemplate": "INSERT SELECT",
    "dossier_service": "INSERT SELECT",
    # Signed scans: what came in stays written down, its files go when their time is over.
    "dossier_signedpage": "INSERT SELECT",
    "dossier_scanstack": "INSERT SELECT",
    "dossier_scansource": "INSERT SELECT",
    "dossier_scanpage": "INSERT SELECT",
    "dossier_volume": "INSERT SELECT",
    # The ladder: what was said stays; the numbers of its papers are counted up.
    "supervision_letternumber": "INSERT SELECT",
    "supervision_measure": "INSERT SELECT",
    "supervision_supervision": "INSERT SELECT",
    # Key matters: who was in charge and what was looked at stays.
    "leading_charge": "INSERT SELECT",
    "leading_instruction": "INSERT SELECT",
    "leading_instructionanswer": "INSERT SELECT",
    "leading_keymatter": "INSERT SELECT",
    "leading_look": "INSERT SELECT",
    "leading_recommendation": "INSERT SELECT",
    "leading_recommendationnumber": "INSERT SELECT",
    "leading_recommendationsource": "INSERT SELECT",
    # The accountability list and the reviews: what was written stays.
    "reviews_listedfact": "INSERT SELECT",
    # What was sent upward stays; that it was read is added.
    "reporting_directreport": "INSERT SELECT",
    "reporting_receipt": "INSERT SELECT",
    "reporting_reportnumber": "INSERT SELECT",
    "reviews_review": "INSERT SELECT",
    "reviews_sample": "INSERT SELECT",
    "reviews_sampledfile": "INSERT SELECT",
    "reviews_checkeditem": "INSERT SELECT",
    # Who was asked what, and what they said, stays.
    "mediators_mediator": "INSERT SELECT",
    # Who was asked what about the law, and what they said, stays.
    "counsel_consultation": "INSERT SELECT",
    "counsel_givenopinion": "INSERT SELECT",
    "counsel_invitee": "INSERT SELECT",
    "counsel_adviser": "INSERT SELECT",
    "counsel_teammatter": "INSERT SELECT",
    "counsel_member": "INSERT SELECT",
    "counsel_team": "INSERT SELECT",
    "counsel_teamtask": "INSERT SELECT",
    "agreements_agreement": "INSERT SELECT",
    "agreements_agreementnumber": "INSERT SELECT",
    "agreements_signature": "INSERT SELECT",
    "agreements_sketch": "INSERT SELECT",
    "agreements_term": "INSERT SELECT",
    "agreements_termnote": "INSERT SELECT",
    "referrals_referral": "INSERT SELECT",
    "referrals_referralpaper": "INSERT SELECT",
    "confirmation_courtcase": "INSERT SELECT",
    "confirmation_courtnote": "INSERT SELECT",
    "study_invitation": "INSERT SELECT",
    "study_member": "INSERT SELECT",
    "study_opinion": "INSERT SELECT",
    "study_packitem": "INSERT SELECT",
    "study_study": "INSERT SELECT",
    # A county's tables: what was published is only ended, which a trigger holds too.
    "rules_tableversion": "INSERT SELECT",
}

# Where a right is given for some columns only. Nowhere: id, county, matter_id, restriction, code.
COLUMNS = {
    ("allauth_idp_oidc_client", "UPDATE"): "grant_types secret",
    (
        "clocks_clock",
        "UPDATE",
    ): "acts assignment_id centre_id chase_at department_id due_at limit_version owed_by party_id started_at state "
    "stopped_at yellow_at",
    ("dispatch_assignment", "UPDATE"): "checked_in_at handler_id reply_by sign_off_due since state",
    ("dispatch_call", "UPDATE"): "answered_by_id done_at on_the_way_at result state there_at",
    ("dispatch_callscore", "UPDATE"): "replaced_at",
    ("dispatch_dispatch", "UPDATE"): "ended_at",
    ("dispatch_extension", "UPDATE"): "answer decided_at decided_by_id decision",
    (
        "dossier_volume",
        "UPDATE",
    ): "bundle_id contents digest disposed_at done file_id finished_at gaps is_final keep_until pages parts reason "
    "state touched_at version",
    (
        "dispatch_returnrequest",
        "UPDATE",
    ): "decided_at decided_by_id decided_role decision given_to_id grounds",
    ("dispatch_whistle", "UPDATE"): "ended_at",
    ("exchange_delivery", "UPDATE"): "answer done_at due_at give_up_at problem status tried_at tries",
    ("exchange_subscription", "UPDATE"): "busy_until ended_at ended_by_id failures resting_until",
    ("exchange_exportrun", "UPDATE"): "cover_id file_id finished_at left_out reason rows state touched_at",
    (
        "exchange_exportschedule",
        "UPDATE",
    ): "day every hour kind next_due_at reason stopped_at weekday",
    (
        "exchange_importrun",
        "UPDATE",
    ): "already as_of attempt bad_file_id columns file_id finished_at language mapping reason registered rejected "
    "repeated rows sample state total touched_at units",
    ("exchange_writtenunit", "UPDATE"): "decided_at decided_by_id department_id",
    ("matters_handed", "UPDATE"): "taken_back_at",
    ("matters_laidbefore", "UPDATE"): "over_at",
    ("matters_matter", "UPDATE"): (
        "account address against_department_id against_kind against_name amount anonymous archived_at "
        "care category closed_at confidential criminal_reviewed_at danger danger_since division_id due_at "
        "grid_id happened_on harm_on history_count history_head holder_id is_history latitude "
        "lead_department_id longitude merged_into_id needs_care outcome people performance "
        "performance_due place_key public_place raised receipt_number remedies_told_at reopened risk "
        "satisfaction scale search settled_at state state_since step title track turned_criminal_at "
        "version visit_attempts yellow_at"
    ),
    ("matters_replay", "UPDATE"): "done finished_at state total",
    ("matters_savedview", "UPDATE"): "centre_id name removed_at",
    ("mediation_helper", "UPDATE"): "ended_at",
    ("mediation_recusalasked", "UPDATE"): "answer decided_at decided_by granted",
    ("mediation_promisedevidence", "UPDATE"): "came_on ended_at ended_by paper_id state why",
    ("mediation_sitting", "UPDATE"): "began_at chase_at ended_at parties present state why",
    ("mediation_sittingnote", "UPDATE"): "at issues text version",
    ("mediation_mediation", "UPDATE"): "ended_at mediator_id performance_due result text",
    ("notices_notice", "UPDATE"): "passed_on_at read_at",
    ("notices_reaching", "UPDATE"): (
        "digest_at digest_on failed_at mail next_look_at quiet_from quiet_until service unwanted"
    ),
    ("places_machineclient", "UPDATE"): "ended_at ended_by_id",
    ("leading_charge", "UPDATE"): "until",
    ("leading_instruction", "UPDATE"): "chase_at due_on ended_at since state warn_on",
    ("leading_instructionanswer", "UPDATE"): "decided_at decided_by_id reasons verdict",
    (
        "leading_keymatter",
        "UPDATE",
    ): "chase_at end_reason ended_at ended_by_id ending look_by looked_on warn_on",
    ("leading_recommendation", "UPDATE"): "replied_on reply reply_by_person_id",
    ("leading_recommendationnumber", "UPDATE"): "last",
    ("supervision_letternumber", "UPDATE"): "last",
    ("supervision_measure", "UPDATE"): (
        "answer answered_at answered_by_id decided_at decided_by_id decision handed_to number outcome "
        "outcome_at reasons report report_by reported_at reported_by_id year"
    ),
    (
        "reviews_listedfact",
        "UPDATE",
    ): "replied_at replied_by_id reply withdrawal withdrawn_at withdrawn_by_id",
    ("reviews_review", "UPDATE"): (
        "answer answered_at answered_by_id concluded_at concluded_by_id conclusion findings found_at found_by_id "
        "mend_by state to_mend"
    ),
    ("reviews_sampledfile", "UPDATE"): "checked_at checked_by_id",
    ("reviews_checkeditem", "UPDATE"): "mended mended_at mended_by_id",
    ("supervision_supervision", "UPDATE"): "ended_at rung since state",
    ("reporting_directreport", "UPDATE"): "ended_at",
    ("reporting_receipt", "UPDATE"): "read_at",
    ("reporting_reportnumber", "UPDATE"): "last",
    ("mediators_mediator", "UPDATE"): "valid_until",
    ("pool_brandroom", "UPDATE"): (
        "closes closes_again days fields name name_en opens opens_again picture picture_type place place_en public "
        "story story_en valid_until version way way_en"
    ),
    ("pool_atwork", "UPDATE"): "public valid_until",
    ("counsel_consultation", "UPDATE"): (
        "articles chase_at ended_at ended_by_id follow_reason followed followed_at followed_by_id opinion state"
    ),
    ("counsel_invitee", "UPDATE"): "reason replied_at reply",
    ("pool_talent", "UPDATE"): "valid_until",
    ("pool_turn", "UPDATE"): "valid_until",
    ("pool_marketbody", "UPDATE"): "valid_until",
    ("pool_appointment", "UPDATE"): "advised chase_at ended_at ended_by state why",
    ("pool_following", "UPDATE"): "ended_at",
    ("pool_asked", "UPDATE"): "reason replied_at reply",
    ("counsel_adviser", "UPDATE"): "valid_until",
    ("counsel_teammatter", "UPDATE"): "came_of ended_at",
    ("counsel_member", "UPDATE"): "until",
    ("counsel_team", "UPDATE"): "dissolved_at summary",
    ("counsel_teamtask", "UPDATE"): "came_of ended_at ended_by_id state",
    ("agreements_agreement", "UPDATE"): (
        "answers checked_at draft effective_on ended_at facts issues reason responsibility state"
    ),
    ("agreements_agreementnumber", "UPDATE"): "last",
    ("dossier_disposalnumber", "UPDATE"): "last",
    ("dossier_formtemplate", "UPDATE"): "decided_at decided_by_id state valid_from valid_until",
    ("dossier_disposalitem", "UPDATE"): "reason state",
    ("dossier_signedpage", "UPDATE"): "ended_at ended_by_id file_id picture_id reason",
    ("dossier_scanstack", "UPDATE"): "cleared_at done finished_at reason settled_at state total touched_at",
    ("dossier_scansource", "UPDATE"): "file_id pages trouble",
    ("dossier_scanpage", "UPDATE"): "decided_at decided_by_id file_id note picture_id signed_id state",
    ("dossier_disposalbatch", "UPDATE"): "decided_at decided_by_id decision state",
    ("agreements_sketch", "UPDATE"): (
        "agreement_id at by_id cells draft marks order replaced taken_at version"
    ),
    ("agreements_term", "UPDATE"): "chase_at paid state",
    ("confirmation_courtnote", "UPDATE"): "chase_at",
    ("referrals_referralpaper", "UPDATE"): "fetched_at",
    ("referrals_referral", "UPDATE"): (
        "accepted_at chase_at contact ended_at number outcome paper_id received_by reminded_at result state"
    ),
    ("confirmation_courtcase", "UPDATE"): (
        "answers applicants court docketed_on ended_on filed_on ground late level number reason result ruling_id "
        "serves state why"
    ),
    ("matters_procedure", "UPDATE"): "number stage",
    ("study_invitation", "UPDATE"): "reason replied_at reply",
    ("study_member", "UPDATE"): "valid_until",
    ("study_study", "UPDATE"): "advised_id conclusion division ended_at ended_by_id state",
    ("rules_tableversion", "UPDATE"): (
        "approved_at approver_id effective_from effective_until examples note remark rows state submitted_at "
        "version"
    ),
}

# Kept from the role altogether.
CLOSED = {"auth_group_permissions", "matters_seal"}

# Every table of a matter: the same four policies, word for word, and the composite key to its matter.
OF_A_MATTER = {
    "clocks_clock",
    "clocks_fact",
    "clocks_daytold",
    "clocks_reminder",
    "dispatch_assignment",
    "dispatch_call",
    "dispatch_callscore",
    "dispatch_dispatch",
    "dispatch_extension",
    "dispatch_notice",
    "dispatch_progress",
    "dispatch_returnrequest",
    "dispatch_signoff",
    "dispatch_whistle",
    "dossier_disposalitem",
    "dossier_service",
    "dossier_signedpage",
    "dossier_volume",
    "matters_assessment",
    "matters_claim",
    "matters_disposition",
    "matters_evaluation",
    "matters_handed",
    "matters_historyevent",
    "matters_informed",
    "matters_laidbefore",
    "matters_matterfile",
    "matters_matterlink",
    "matters_outsidenumber",
    "matters_party",
    "matters_partycontact",
    "matters_procedure",
    "matters_recusal",
    "matters_replayed",
    "matters_ruling",
    "matters_visit",
    "matters_word",
    "mediation_consent",
    "mediation_mediation",
    "mediation_claimresult",
    "mediation_footing",
    "mediation_helper",
    "mediation_recusalasked",
    "mediation_rightstold",
    "mediation_promisedevidence",
    "mediation_sitting",
    "mediation_sittingnote",
    "mediation_standing",
    "pool_heldat",
    "pool_asked",
    "pool_appointment",
    "pool_following",
    "pool_feeagreement",
    "leading_charge",
    "leading_instruction",
    "leading_instructionanswer",
    "leading_keymatter",
    "leading_look",
    "reviews_checkeditem",
    "leading_recommendation",
    "leading_recommendationsource",
    "reviews_listedfact",
    "reporting_directreport",
    "reporting_receipt",
    "counsel_consultation",
    "counsel_givenopinion",
    "counsel_invitee",
    "counsel_teammatter",
    "counsel_teamtask",
    "agreements_agreement",
    "agreements_signature",
    "agreements_sketch",
    "agreements_term",
    "agreements_termnote",
    "referrals_referral",
    "referrals_referralpaper",
    "confirmation_courtcase",
    "confirmation_courtnote",
    "study_invitation",
    "study_opinion",
    "study_packitem",
    "study_study",
    "reviews_review",
    "reviews_sampledfile",
    "supervision_measure",
    "supervision_supervision",
}
FOUR = {
    ("wall_change", "UPDATE"),
    ("wall_delete", "DELETE"),
    ("wall_insert", "INSERT"),
    ("wall_read", "SELECT"),
}
# Of a matter where a matter is known, within the wall of the centre that took them in.
SCANNED = {"dossier_scanstack", "dossier_scansource", "dossier_scanpage"}
OTHER_POLICIES = {
    "counsel_adviser": FOUR,
    "counsel_member": FOUR,
    "counsel_team": FOUR,
    "api_answeredrequest": FOUR,
    "clocks_calendarentry": FOUR,
    "clocks_calendarspan": FOUR,
    "exchange_delivery": FOUR,
    "exchange_exportrun": FOUR,
    "exchange_subscription": FOUR,
    "exchange_exportschedule": FOUR,
    "exchange_importrun": FOUR,
    "exchange_badrow": FOUR,
    "exchange_writtenunit": FOUR,
    "files_storedfile": FOUR,
    "matters_replay": FOUR,
    # Notes of separate talks: a second wall before the first.
    "mediation_promisedevidence": FOUR | {("wall_sealed", "ALL")},
    "mediation_sittingnote": FOUR | {("wall_sealed", "ALL")},
    "matters_savedview": FOUR,
    "rules_tableversion": FOUR,
    "leading_recommendationnumber": FOUR,
    "supervision_letternumber": FOUR,
    "reporting_reportnumber": FOUR,
    "agreements_agreementnumber": FOUR,
    "dossier_disposalbatch": FOUR,
    "dossier_disposalnumber": FOUR,
    "dossier_formtemplate": FOUR,
    # Their centre's wall, and of a matter that one too.
    **dict.fromkeys(SCANNED, FOUR),
    "study_member": FOUR,
    "mediators_mediator": FOUR,
    "pool_brandroom": FOUR,
    "pool_atwork": FOUR,
    "pool_talent": FOUR,
    "pool_turn": FOUR,
    "pool_marketbody": FOUR,
    "pool_feeschedule": FOUR,
    "pool_turnchange": FOUR,
    "reviews_sample": FOUR,
    # Its matter's wall, and within it its addressee alone.
    "notices_notice": FOUR,
    # How a person is reached is theirs alone.
    "notices_reaching": FOUR,
    # Nobody changes or removes a link; the end of a chain moves.
    "audit_entry": {("wall_read", "SELECT"), ("wall_insert", "INSERT")},
    "audit_chainhead": {("wall_read", "SELECT"), ("wall_insert", "INSERT"), ("wall_change", "UPDATE")},
    # Each reader sees their own line; only the owner's functions write.
    "matters_namedreader": {("wall_read", "SELECT")},
}

# The ways past the walls: functions that run as the owner and check by themselves.
DEFINERS = {
    "answers_forget()",
    "calendar_years_entered()",
    "clocks_restricted_readers(wanted text, since timestamp with time zone, upto timestamp with time zone, today date)",
    "agreements_days_due(moment timestamp with time zone, today date)",
    "clocks_days_due(moment timestamp with time zone, today date)",
    "clocks_to_chase(moment timestamp with time zone, today date)",
    "confirmation_days_due(moment timestamp with time zone, today date)",
    "counsel_days_due(moment timestamp with time zone, today date)",
    "mediation_days_due(moment timestamp with time zone, today date)",
    "pool_days_due(moment timestamp with time zone, today date)",
    "referrals_days_due(moment timestamp with time zone, today date)",
    "centre_in_hand(wanted uuid)",
    "department_in_hand(wanted uuid)",
    "leading_to_chase(moment timestamp with time zone, today date)",
    "export_schedules_due(moment timestamp with time zone, most integer)",
    "person_in_hand(wanted uuid)",
    "matter_name_reader(wanted uuid, reader uuid, last_day date, why text)",
    "matter_number(wanted text)",
    "matter_numbered(ending text, most integer)",
    "matter_readers(wanted uuid)",
    "matter_restrict(wanted uuid, readers uuid[], last_day date, why text)",
    "matter_seal(wanted uuid, basis text)",
    "matter_search(words text[], most integer)",
    "notices_forget()",
    "notices_to_pass_on(moment timestamp with time zone, most integer)",
    "queue_figures()",
    "webhooks_due(moment timestamp with time zone, most integer)",
}

SEQUENCES = {
    "account_emailaddress_id_seq",
    "account_emailconfirmation_id_seq",
    "allauth_idp_oidc_token_id_seq",
    "auth_group_id_seq",
    "auth_permission_id_seq",
    "django_content_type_id_seq",
    "django_migrations_id_seq",
    "mfa_authenticator_id_seq",
    "places_departmentservice_id_seq",
    "places_residence_id_seq",
    "procrastinate_events_id_seq",
    "procrastinate_jobs_id_seq",
    "procrastinate_periodic_defers_id_seq",
    "procrastinate_workers_id_seq",
    "socialaccount_socialaccount_id_seq",
}


def test_the_roles_rights_are_these_and_no_others():
    rows = ask(
        "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type) "
        "FROM information_schema.role_table_grants WHERE grantee = %s GROUP BY table_name",
        ROLE,
    )
    assert dict(rows) == RIGHTS


def test_the_rights_on_single_columns_are_these_and_no_others():
    rows = ask(
        "SELECT table_name, privilege_type, string_agg(column_name, ' ' ORDER BY column_name) "
        "FROM information_schema.role_column_grants c WHERE grantee = %s AND NOT EXISTS ("
        "SELECT 1 FROM information_schema.role_table_grants t WHERE t.grantee = c.grantee "
        "AND t.table_name = c.table_name AND t.privilege_type = c.privilege_type) "
        "GROUP BY table_name, privilege_type",
        ROLE,
    )
    assert {(table, right): columns for table, right, columns in rows} == COLUMNS


def test_every_table_is_in_the_list_or_closed():
    tables = {name for (name,) in ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables == set(RIGHTS) | CLOSED


def test_nothing_is_granted_to_everybody():
    assert (
        ask(
            "SELECT table_name, grantee, privilege_type FROM information_schema.table_privileges "
            "WHERE table_schema = 'public' AND grantee NOT IN (%s, current_user)",
            ROLE,
        )
        == []
    )


def test_no_table_of_a_matter_or_a_county_is_without_a_wall():
    belonging = tables_with("matter_id") | tables_with("county")
    # The book of seals has no wall because the role has no right on it at all.
    assert belonging - walled_tables() == {"matters_seal"}
    others = {"matters_seal", "matters_namedreader", "notices_notice"} | SCANNED
    assert tables_with("matter_id") - others == OF_A_MATTER


def test_every_walled_table_has_its_policies():
    found: dict[str, set[tuple[str, str]]] = {}
    for table, name, command in ask("SELECT tablename, policyname, cmd FROM pg_policies"):
        found.setdefault(table, set()).add((name, command))
    assert found == dict.fromkeys({"matters_matter", *OF_A_MATTER}, FOUR) | OTHER_POLICIES
    assert walled_tables() == set(found)


def test_the_walls_of_a_matters_tables_say_the_same():
    """A table whose wall forgets the county or the restriction would stand out here."""
    rows = ask(
        "SELECT tablename, cmd, coalesce(qual, with_check), coalesce(with_check, qual) FROM pg_policies "
        "WHERE tablename = ANY (%s) AND permissive = 'PERMISSIVE' AND roles = '{public}'",
        ["matters_matter", *OF_A_MATTER],
    )
    assert len(rows) == 4 * len(OF_A_MATTER) + 4
    said = set()
    for table, _command, seen, written in rows:
        key = "matters_matter.id" if table == "matters_matter" else f"{table}.matter_id"
        said |= {" ".join(each.replace(key, "<matter>").split()) for each in (seen, written)}
    assert said == {
        "(((county)::text = ANY ((current_setting('fengqiao.counties'::text))::text[])) AND "
        "(((restriction)::text = 'open'::text) OR (((restriction)::text = 'restricted'::text) AND "
        "(EXISTS ( SELECT 1 FROM matters_namedreader named WHERE ((named.matter_id = <matter>) AND "
        "(named.person_id = (current_setting('fengqiao.person'::text))::uuid) AND "
        "(named.until >= ((now() AT TIME ZONE 'Asia/Shanghai'::text))::date)))))))"
    }


def test_the_database_holds_every_record_to_its_matters_county_and_restriction():
    rows = ask(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND convalidated AND confrelid = 'matters_matter'::regclass "
        "AND cardinality(conkey) = 3"
    )
    key = (
        "FOREIGN KEY (county, matter_id, restriction) REFERENCES matters_matter(county, id, restriction) "
        "ON UPDATE CASCADE"
    )
    assert dict(rows) == dict.fromkeys({*OF_A_MATTER, *SCANNED, "notices_notice"}, key)


def test_the_functions_that_run_as_the_owner_are_these():
    rows = ask(
        "SELECT proname || '(' || pg_get_function_identity_arguments(oid) || ')', proconfig, "
        "(SELECT array_agg(grantee::regrole::text ORDER BY grantee::regrole::text) FROM aclexplode(proacl)) "
        "FROM pg_proc WHERE prosecdef"
    )
    assert {name for name, _settings, _who in rows} == DEFINERS
    owner = ask("SELECT current_user")[0][0]
    for _name, settings, who in rows:
        assert settings == ["search_path=public, pg_temp"]
        # With PUBLIC among them this would be "-".
        assert who == sorted([owner, ROLE])


def test_the_sequences_that_the_role_draws_from_are_these():
    rows = ask(
        "SELECT relname, right_.privilege_type FROM pg_class, aclexplode(relacl) right_ "
        "WHERE relkind = 'S' AND right_.grantee IN (0, %s::regrole)",
        ROLE,
    )
    assert sorted(rows) == [(name, "USAGE") for name in sorted(SEQUENCES)]


def test_the_role_owns_nothing():
    for catalogue, owner in (
        ("pg_class", "relowner"),
        ("pg_proc", "proowner"),
        ("pg_namespace", "nspowner"),
        ("pg_type", "typowner"),
        ("pg_database", "datdba"),
    ):
        assert ask(f"SELECT count(*) FROM {catalogue} WHERE {owner} = %s::regrole", ROLE) == [(0,)]


def test_the_role_cannot_pass_the_walls_or_become_anybody():
    assert ask(
        "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, rolinherit "
        "FROM pg_roles WHERE rolname = %s",
        ROLE,
    ) == [(False,) * 6]
    assert ask("SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", ROLE) == []


def test_the_role_cannot_create():
    assert ask("SELECT has_database_privilege(%s, current_database(), 'CREATE')", ROLE) == [(False,)]
    assert ask("SELECT nspname FROM pg_namespace WHERE has_schema_privilege(%s, oid, 'CREATE')", ROLE) == []
