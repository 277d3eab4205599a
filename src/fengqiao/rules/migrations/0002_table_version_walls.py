from django.db import migrations
from django.db.migrations.operations import RunSQL

from fengqiao.accounts.walls import county_wall, grant

TABLE = "rules_tableversion"

# The second bolt (the first is the verbs): what was published answered matters and stays as it was; only its
# last day may be written, and what was dropped is over.
KEPT = f"""
CREATE FUNCTION "{TABLE}_kept"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'published' AND
     to_jsonb(OLD) - '{{effective_until,version}}'::text[] = to_jsonb(NEW) - '{{effective_until,version}}'::text[]
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a published or dropped table is not changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER kept BEFORE UPDATE ON "{TABLE}" FOR EACH ROW
  WHEN (OLD.state IN ('published', 'dropped')) EXECUTE FUNCTION "{TABLE}_kept"();
"""


class Migration(migrations.Migration):
    dependencies = [("rules", "0001_initial"), ("accounts", "0002_grants")]

    operations = [
        grant(TABLE, "select, insert"),
        grant(
            TABLE,
            "update (version, state, rows, examples, note, remark, submitted_at, approver_id, approved_at, "
            "effective_from, effective_until)",
        ),
        county_wall(TABLE),
        RunSQL(KEPT, f'DROP TRIGGER kept ON "{TABLE}"; DROP FUNCTION "{TABLE}_kept"()'),
    ]
