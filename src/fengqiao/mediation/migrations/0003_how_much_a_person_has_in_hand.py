from django.db import migrations

from fengqiao.accounts.walls import definer, keeper_of_person

# Who ends a post reads no matter, and should know what is left without a hand: a count, and nothing else
# (adr/0002).
IN_HAND = f"""
BEGIN
  IF NOT {keeper_of_person()} THEN
    RAISE EXCEPTION 'not the keeper of this person' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY SELECT
    (SELECT count(*) FROM dispatch_assignment a JOIN dispatch_dispatch d ON d.id = a.dispatch_id
      WHERE a.handler_id = wanted AND d.ended_at IS NULL
        AND a.state IN ('issued', 'working', 'return_asked')),
    (SELECT count(*) FROM mediation_mediation m WHERE m.mediator_id = wanted AND m.ended_at IS NULL);
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mediation", "0002_walls"),
        ("dispatch", "0003_how_much_a_department_has_in_hand"),
        ("places", "0004_people_are_entered"),
    ]

    operations = [
        definer("person_in_hand(wanted uuid)", "TABLE (handling bigint, mediating bigint)", IN_HAND),
    ]
