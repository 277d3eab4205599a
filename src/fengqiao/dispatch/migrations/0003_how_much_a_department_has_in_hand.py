from django.db import migrations

from fengqiao.accounts.walls import definer, keeper_of

# A system administrator reads no matter, and must not end a department that has work: a count crosses the
# wall, and nothing else (adr/0002).
IN_HAND = f"""
BEGIN
  IF NOT {keeper_of("places_department")} THEN
    RAISE EXCEPTION 'not the keeper of this department' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY SELECT
    (SELECT count(*) FROM dispatch_assignment a JOIN dispatch_dispatch d ON d.id = a.dispatch_id
      WHERE a.department_id = wanted AND d.ended_at IS NULL
        AND a.state IN ('issued', 'working', 'return_asked')),
    (SELECT count(*) FROM dispatch_call c
      WHERE c.department_id = wanted AND c.state IN ('called', 'on_the_way', 'there'));
END
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_walls"), ("places", "0002_grants")]

    operations = [
        definer("department_in_hand(wanted uuid)", "TABLE (handed bigint, called bigint)", IN_HAND),
    ]
