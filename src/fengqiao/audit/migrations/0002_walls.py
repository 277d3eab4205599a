from django.db import migrations

from fengqiao.accounts.walls import AUDIT_COUNTIES, COUNTIES, COUNTY, append_only, grant

ADDED = f"county = ANY ({COUNTIES}) OR county = {COUNTY}"
READ = f"county = ANY ({AUDIT_COUNTIES})"

# Everybody's acts are added; only an auditor reads, and nobody changes or removes.
WALLS = f"""
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY wall_read ON audit_entry FOR SELECT USING ({READ});
CREATE POLICY wall_insert ON audit_entry FOR INSERT WITH CHECK ({ADDED});
ALTER TABLE audit_chainhead ENABLE ROW LEVEL SECURITY;
CREATE POLICY wall_read ON audit_chainhead FOR SELECT USING ({ADDED} OR {READ});
CREATE POLICY wall_insert ON audit_chainhead FOR INSERT WITH CHECK ({ADDED});
CREATE POLICY wall_change ON audit_chainhead FOR UPDATE USING ({ADDED}) WITH CHECK ({ADDED});
"""
NO_WALLS = """
DROP POLICY wall_read ON audit_entry; DROP POLICY wall_insert ON audit_entry;
ALTER TABLE audit_entry DISABLE ROW LEVEL SECURITY;
DROP POLICY wall_read ON audit_chainhead; DROP POLICY wall_insert ON audit_chainhead;
DROP POLICY wall_change ON audit_chainhead;
ALTER TABLE audit_chainhead DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("accounts", "0002_grants")]

    operations = [
        grant("audit_entry", "select, insert"),
        grant("audit_chainhead", "select, insert, update"),
        migrations.RunSQL(WALLS, NO_WALLS),
        append_only("audit_entry"),
    ]
