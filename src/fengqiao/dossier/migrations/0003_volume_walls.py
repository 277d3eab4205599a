from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall


class Migration(migrations.Migration):
    dependencies = [("dossier", "0002_walls"), ("files", "0002_walls"), ("matters", "0002_walls")]

    # A binding is never removed: what was bound when stays written down.
    operations = [
        grant("dossier_volume", "select, insert"),
        grant(
            "dossier_volume",
            "update (state, is_final, version, keep_until, parts, done, pages, contents, gaps, reason, "
            "file_id, bundle_id, digest, touched_at, finished_at)",
        ),
        matter_wall("dossier_volume"),
        belongs_to_matter("dossier_volume"),
    ]
