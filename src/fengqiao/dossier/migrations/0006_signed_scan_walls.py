from django.db import migrations

from fengqiao.accounts.walls import belongs_to_matter, grant, matter_wall, scanned_wall

SCANNED = ("dossier_scanstack", "dossier_scansource", "dossier_scanpage")


class Migration(migrations.Migration):
    dependencies = [
        ("dossier", "0005_own_template_walls"),
        ("files", "0002_walls"),
        ("matters", "0002_walls"),
    ]

    # What came in stays written down: it ends, and its files go when their time is over.
    operations = [
        grant(
            "dossier_signedpage",
            "select, insert, update (file_id, picture_id, ended_at, ended_by_id, reason)",
        ),
        matter_wall("dossier_signedpage"),
        belongs_to_matter("dossier_signedpage"),
        grant(
            "dossier_scanstack",
            "select, insert, update (state, total, done, reason, touched_at, finished_at, settled_at, cleared_at)",
        ),
        grant("dossier_scansource", "select, insert, update (file_id, pages, trouble)"),
        grant(
            "dossier_scanpage",
            "select, insert, update (state, file_id, picture_id, signed_id, note, decided_by_id, decided_at)",
        ),
        *(scanned_wall(table) for table in SCANNED),
        *(belongs_to_matter(table) for table in SCANNED),
    ]
