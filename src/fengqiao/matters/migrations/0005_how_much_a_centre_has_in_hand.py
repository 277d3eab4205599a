from django.db import migrations

from fengqiao.accounts.walls import definer, keeper_of

# As for departments: a count for whoever keeps places, and nothing else (adr/0002).
IN_HAND = f"""
BEGIN
  IF NOT {keeper_of("places_centre")} THEN
    RAISE EXCEPTION 'not the keeper of this centre' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN (SELECT count(*) FROM matters_matter m WHERE m.holder_id = wanted AND m.state <> 'archived');
END
"""


class Migration(migrations.Migration):
    dependencies = [("matters", "0004_saved_views"), ("places", "0002_grants")]

    operations = [definer("centre_in_hand(wanted uuid)", "bigint", IN_HAND)]
