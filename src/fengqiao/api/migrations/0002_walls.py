from django.db import migrations

from fengqiao.accounts.walls import definer, grant, own_wall

# The job that tidies up acts for nobody: the owner's function removes what is older than a day, and no more.
FORGET = """
DECLARE gone bigint;
BEGIN
  DELETE FROM api_answeredrequest WHERE answered_at < now() - interval '24 hours';
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
"""


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial"), ("accounts", "0002_grants")]

    operations = [
        grant("api_answeredrequest", "select, insert"),
        own_wall("api_answeredrequest"),
        definer("answers_forget()", "bigint", FORGET),
    ]
