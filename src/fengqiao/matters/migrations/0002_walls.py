from django.db import migrations

from fengqiao.accounts.walls import (
    COUNTIES,
    COUNTY,
    PERSON,
    TODAY,
    append_only,
    belongs_to_matter,
    definer,
    grant,
    matter_wall,
)

# Everything of a matter that may change. Not here: id, county, restriction and code, which no ordinary
# write may touch, and the moment and hand of its registration.
CHANGEABLE = (
    "version, state, step, state_since, holder_id, title, account, category, scale, people, amount, "
    "happened_on, division_id, grid_id, address, place_key, longitude, latitude, danger, danger_since, "
    "confidential, anonymous, against_kind, against_name, against_department_id, track, risk, "
    "lead_department_id, outcome, settled_at, performance, performance_due, receipt_number, "
    "remedies_told_at, visit_attempts, satisfaction, closed_at, archived_at, reopened, raised, "
    "turned_criminal_at, criminal_reviewed_at, is_history, history_count, history_head, search"
)
WRITTEN_ONCE = (
    "matters_claim",
    "matters_procedure",
    "matters_outsidenumber",
    "matters_matterlink",
    "matters_party",
    "matters_partycontact",
    "matters_historyevent",
    "matters_word",
    "matters_assessment",
    "matters_disposition",
    "matters_visit",
    "matters_evaluation",
    "matters_matterfile",
    "matters_recusal",
)
RECORDS = (*WRITTEN_ONCE, "matters_handed")

READABLE = f"""
  SELECT 1 FROM matters_matter m WHERE m.id = wanted AND m.county = ANY ({COUNTIES})
    AND (m.restriction = 'open' OR (m.restriction = 'restricted' AND EXISTS (
      SELECT 1 FROM matters_namedreader r WHERE r.matter_id = m.id AND r.person_id = {PERSON}
        AND r.until >= {TODAY})))
"""

# How far another county's counter has come is a figure of that county.
NEXT_NUMBER = f"""
DECLARE sequence_name text := 'matter_number_' || wanted;
BEGIN
  IF wanted !~ '^[0-9]{{6}}$' THEN RAISE EXCEPTION 'not a county code: %', wanted; END IF;
  IF wanted <> {COUNTY} THEN
    RAISE EXCEPTION 'not the county of this scope' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF to_regclass(sequence_name) IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtext(sequence_name));
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', sequence_name);
  END IF;
  RETURN nextval(sequence_name);
END
"""

RESTRICT = f"""
BEGIN
  IF NOT EXISTS ({READABLE}) THEN
    RAISE EXCEPTION 'not a reader of this matter' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE matters_matter SET restriction = 'restricted' WHERE id = wanted AND restriction <> 'sealed';
  INSERT INTO matters_namedreader (id, county, matter_id, person_id, until, named_by, named_at, reason)
    SELECT gen_random_uuid(), m.county, m.id, reader, last_day, {PERSON}, now(), why
    FROM matters_matter m, unnest(readers) AS reader WHERE m.id = wanted
    ON CONFLICT (matter_id, person_id) DO UPDATE SET until = greatest(matters_namedreader.until, excluded.until);
END
"""

NAME_READER = f"""
BEGIN
  IF NOT EXISTS ({READABLE}) THEN
    RAISE EXCEPTION 'not a reader of this matter' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO matters_namedreader (id, county, matter_id, person_id, until, named_by, named_at, reason)
    SELECT gen_random_uuid(), m.county, m.id, reader, last_day, {PERSON}, now(), why
    FROM matters_matter m WHERE m.id = wanted
    ON CONFLICT (matter_id, person_id)
    DO UPDATE SET until = excluded.until, named_by = excluded.named_by, named_at = excluded.named_at,
      reason = excluded.reason;
END
"""

READERS = f"""
  SELECT r.person_id, r.until FROM matters_namedreader r
  WHERE r.matter_id = wanted AND EXISTS ({READABLE}) ORDER BY r.named_at
"""

SEAL = f"""
BEGIN
  IF NOT EXISTS ({READABLE}) THEN
    RAISE EXCEPTION 'not a reader of this matter' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF length(basis) < 4 THEN RAISE EXCEPTION 'a seal needs its legal basis'; END IF;
  INSERT INTO matters_seal (matter_id, basis, sealed_by, sealed_at) VALUES (wanted, basis, {PERSON}, now());
  UPDATE matters_matter SET restriction = 'sealed' WHERE id = wanted;
END
"""

# Full text behind a wall: the operator is not leakproof, so the index is used in here, where the function
# itself holds to the scope's counties and to the restriction (design/database-facts.md, 2).
SEARCH = f"""
  SELECT m.id FROM matters_matter m
  WHERE m.county = ANY ({COUNTIES})
    AND (m.restriction = 'open' OR (m.restriction = 'restricted' AND EXISTS (
      SELECT 1 FROM matters_namedreader r WHERE r.matter_id = m.id AND r.person_id = {PERSON}
        AND r.until >= {TODAY})))
    AND m.search @@ (SELECT string_agg(quote_literal(w), ' & ')::tsquery FROM unnest(words) AS w)
  ORDER BY m.registered_at DESC LIMIT most
"""


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial"), ("accounts", "0002_grants"), ("places", "0002_grants")]

    operations = [
        grant("matters_matter", f"select, insert, update ({CHANGEABLE})"),
        matter_wall("matters_matter", matter="id"),
        *(grant(table, "select, insert") for table in WRITTEN_ONCE),
        grant("matters_handed", "select, insert, update (taken_back_at)"),
        *(operation for table in RECORDS for operation in (matter_wall(table), belongs_to_matter(table))),
        append_only("matters_historyevent", but="restriction"),
        # Named readers: each sees their own line; the rest goes through the functions below.
        grant("matters_namedreader", "select"),
        migrations.RunSQL(
            "ALTER TABLE matters_namedreader ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY wall_read ON matters_namedreader FOR SELECT USING (person_id = {PERSON})",
            "DROP POLICY wall_read ON matters_namedreader;"
            "ALTER TABLE matters_namedreader DISABLE ROW LEVEL SECURITY",
        ),
        # The book of seals belongs to the owner; the application's role has no right on it at all.
        migrations.RunSQL(
            "CREATE TABLE matters_seal (matter_id uuid PRIMARY KEY REFERENCES matters_matter (id), "
            "basis text NOT NULL, sealed_by uuid NOT NULL, sealed_at timestamptz NOT NULL)",
            "DROP TABLE matters_seal",
        ),
        definer("matter_number(wanted text)", "bigint", NEXT_NUMBER),
        definer("matter_restrict(wanted uuid, readers uuid[], last_day date, why text)", "void", RESTRICT),
        definer("matter_name_reader(wanted uuid, reader uuid, last_day date, why text)", "void", NAME_READER),
        definer("matter_readers(wanted uuid)", "TABLE (person_id uuid, until date)", READERS, language="sql"),
        definer("matter_seal(wanted uuid, basis text)", "void", SEAL),
        definer("matter_search(words text[], most integer)", "SETOF uuid", SEARCH, language="sql"),
    ]
