"""The SQL of walls and grants, written once and used by the migrations of every room.

What a migration has used never changes its meaning; a different wall gets a new function.
"""

from __future__ import annotations

from django.conf import settings
from django.db.migrations.operations import RunSQL

# `current_setting` without its second argument raises when nothing was set, and the cast of the empty
# string that a used session leaves behind raises too: an unset scope never reads as an empty table.
COUNTIES = "current_setting('fengqiao.counties')::text[]"
AUDIT_COUNTIES = "current_setting('fengqiao.audit_counties')::text[]"
COUNTY = "current_setting('fengqiao.county')"
PERSON = "current_setting('fengqiao.person')::uuid"
# The date of the law. The session's own day (UTC) would let a reader in until eight the next morning.
TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"


def grant(table: str, rights: str) -> RunSQL:
    """Explicit rights of the application's role on one table ("select, insert", "update (a, b)", …)."""
    return RunSQL(
        f'GRANT {rights} ON "{table}" TO "{settings.APP_ROLE}"',
        f'REVOKE ALL ON "{table}" FROM "{settings.APP_ROLE}"',
    )


def county_wall(table: str) -> RunSQL:
    """Rows of the scope's counties only, for tables that know no restriction."""
    seen = f"county = ANY ({COUNTIES})"
    return _policies(table, select=seen, write=seen)


def matter_wall(table: str, *, matter: str = "matter_id") -> RunSQL:
    """Rows of the scope's counties; restricted ones for their named readers; sealed ones for nobody.

    Inserting and changing needs the same sight: who may not read a record cannot write it.
    """
    named = (
        f'EXISTS (SELECT 1 FROM matters_namedreader named WHERE named.matter_id = "{table}"."{matter}" '
        f"AND named.person_id = {PERSON} AND named.until >= {TODAY})"
    )
    open_or_named = f"(restriction = 'open' OR (restriction = 'restricted' AND {named}))"
    seen = f"county = ANY ({COUNTIES}) AND {open_or_named}"
    return _policies(table, select=seen, write=seen)


def _policies(table: str, *, select: str, write: str, insert: str = "") -> RunSQL:
    return RunSQL(
        (
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'CREATE POLICY wall_read ON "{table}" FOR SELECT USING ({select})',
            f'CREATE POLICY wall_insert ON "{table}" FOR INSERT WITH CHECK ({insert or write})',
            f'CREATE POLICY wall_change ON "{table}" FOR UPDATE USING ({write}) WITH CHECK ({write})',
            f'CREATE POLICY wall_delete ON "{table}" FOR DELETE USING ({write})',
        ),
        (
            *(
                f'DROP POLICY IF EXISTS {name} ON "{table}"'
                for name in ("wall_read", "wall_insert", "wall_change", "wall_delete")
            ),
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        ),
    )


def append_only(table: str, *, but: str = "") -> RunSQL:
    """The second bolt on history: a trigger that refuses change and removal (the first is the grant).

    ``but`` names a column that may change (the restriction a record carries is not part of its content).
    """
    kept = f"to_jsonb(OLD) - '{but}' = to_jsonb(NEW) - '{but}'" if but else "FALSE"
    return RunSQL(
        f"""
        CREATE FUNCTION "{table}_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' AND {kept} THEN RETURN NEW; END IF;
          RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'insufficient_privilege';
        END $$;
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "{table}"
          FOR EACH ROW EXECUTE FUNCTION "{table}_append_only"();
        """,
        f'DROP TRIGGER append_only ON "{table}"; DROP FUNCTION "{table}_append_only"()',
    )


def belongs_to_matter(table: str) -> RunSQL:
    """A record has its matter's county and restriction, held by the database: sealing the matter seals it."""
    return RunSQL(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_of_matter" '
        "FOREIGN KEY (county, matter_id, restriction) REFERENCES matters_matter (county, id, restriction) "
        "ON UPDATE CASCADE",
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_of_matter"',
    )


def definer(signature: str, returns: str, body: str, *, language: str = "plpgsql") -> RunSQL:
    """A function that runs as the tables' owner, with a fixed search path, for the application's role alone."""
    name = signature.split("(", 1)[0]
    types = signature.split("(", 1)[1].rsplit(")", 1)[0]
    arguments = ", ".join(_type_of(part) for part in types.split(",") if part.strip())
    return RunSQL(
        f"""
        CREATE FUNCTION {signature} RETURNS {returns} LANGUAGE {language} SECURITY DEFINER
          SET search_path = public, pg_temp AS $body$ {body} $body$;
        REVOKE ALL ON FUNCTION {name}({arguments}) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION {name}({arguments}) TO "{settings.APP_ROLE}";
        """,
        f"DROP FUNCTION {name}({arguments})",
    )


def _type_of(argument: str) -> str:
    words = argument.split(" DEFAULT ")[0].split()
    return " ".join(words[1:])


def own_wall(table: str) -> RunSQL:
    """Rows of the scope's counties that belong to the acting person, and of nobody else."""
    seen = f"county = ANY ({COUNTIES}) AND person_id = {PERSON}"
    return _policies(table, select=seen, write=seen)


def shared_wall(table: str) -> RunSQL:
    """One's own rows, and those given to a centre (``centre_id``) where one is stationed today.

    A row is added in one's own name only.
    """
    stationed = (
        "EXISTS (SELECT 1 FROM places_stationing held JOIN places_post post ON post.id = held.post_id "
        f'WHERE post.centre_id = "{table}".centre_id AND held.person_id = {PERSON} '
        f"AND held.valid_from <= {TODAY} AND (held.valid_until IS NULL OR held.valid_until >= {TODAY}))"
    )
    reached = f"((centre_id IS NULL AND person_id = {PERSON}) OR {stationed})"
    seen = f"county = ANY ({COUNTIES}) AND {reached}"
    return _policies(table, select=seen, write=seen, insert=f"{seen} AND person_id = {PERSON}")


def keeper_of(table: str) -> str:
    """The condition "the acting person is the system administrator of a division in which ``wanted`` lies".

    For functions that tell such a person how much a body has in hand, and never what.
    """
    return f"""EXISTS (
      SELECT 1 FROM {table} body, places_stationing held JOIN places_post post ON post.id = held.post_id
      WHERE body.id = wanted AND {_administers("system_administrator", "body.division_id")})"""


def keeper_of_person() -> str:
    """The condition "the acting person is the security administrator of a division where ``wanted`` has a post"."""
    return f"""EXISTS (
      SELECT 1 FROM places_stationing theirs JOIN places_post body ON body.id = theirs.post_id,
        places_stationing held JOIN places_post post ON post.id = held.post_id
      WHERE theirs.person_id = wanted AND {_administers("security_administrator", "body.division_id")})"""


def _administers(role: str, inner: str) -> str:
    outer = "post.division_id"
    return f"""held.person_id = {PERSON} AND post.role = '{role}'
        AND held.valid_from <= {TODAY} AND (held.valid_until IS NULL OR held.valid_until >= {TODAY})
        AND starts_with({inner}, left({outer}, CASE
          WHEN substr({outer}, 10, 3) <> '000' THEN 12 WHEN substr({outer}, 7, 3) <> '000' THEN 9
          WHEN substr({outer}, 5, 2) <> '00' THEN 6 WHEN substr({outer}, 3, 2) <> '00' THEN 4
          ELSE 2 END))"""


def kept_wall(table: str) -> RunSQL:
    """Rows of the scope's counties, and of the acting post's own county.

    For what an administrator keeps: their posts reach no county's matters, but belong to one.
    """
    seen = f"(county = ANY ({COUNTIES}) OR county = {COUNTY})"
    return _policies(table, select=seen, write=seen)


def addressee_wall(table: str) -> RunSQL:
    """Rows addressed to the acting person (``person_id``) alone; those of a matter as its own wall says.

    A row is added by whoever acts in its county and may read its matter. What belongs to no matter reaches
    administrators too, whose posts belong to a county and reach none.
    """
    named = (
        f'EXISTS (SELECT 1 FROM matters_namedreader named WHERE named.matter_id = "{table}".matter_id '
        f"AND named.person_id = {PERSON} AND named.until >= {TODAY})"
    )
    open_or_named = f"(restriction = 'open' OR (restriction = 'restricted' AND {named}))"
    within = f"(county = ANY ({COUNTIES}) OR (matter_id IS NULL AND county = {COUNTY})) AND {open_or_named}"
    addressed = f"person_id = {PERSON} AND {within}"
    return _policies(table, select=addressed, write=addressed, insert=within)


def sealed_talks(table: str) -> RunSQL:
    """A second wall before the first: rows that are ``sealed`` (notes of a separate talk) are seen and written by
    who mediates and by the leaders of the centre that holds the matter, and by nobody else."""
    mediates = (
        f'EXISTS (SELECT 1 FROM mediation_mediation led WHERE led.id = "{table}".mediation_id '
        f"AND led.mediator_id = {PERSON})"
    )
    beside = (
        f'EXISTS (SELECT 1 FROM mediation_helper helper WHERE helper.mediation_id = "{table}".mediation_id '
        f"AND helper.person_id = {PERSON} AND helper.kind = 'mediator' AND helper.ended_at IS NULL)"
    )
    leads = (
        "EXISTS (SELECT 1 FROM matters_matter held JOIN places_post post ON post.centre_id = held.holder_id "
        "JOIN places_stationing stationed ON stationed.post_id = post.id "
        f'WHERE held.id = "{table}".matter_id AND stationed.person_id = {PERSON} '
        "AND post.role IN ('director', 'executive_deputy', 'standing_deputy') "
        f"AND stationed.valid_from <= {TODAY} "
        f"AND (stationed.valid_until IS NULL OR stationed.valid_until >= {TODAY}))"
    )
    may = f"(NOT sealed OR {mediates} OR {beside} OR {leads})"
    return RunSQL(
        f'CREATE POLICY wall_sealed ON "{table}" AS RESTRICTIVE FOR ALL USING ({may}) WITH CHECK ({may})',
        f'DROP POLICY IF EXISTS wall_sealed ON "{table}"',
    )


def published_wall(table: str) -> RunSQL:
    """Rows of the scope's counties, and those that are ``public``, which a visitor reads too; written as ever."""
    own = f"county = ANY ({COUNTIES})"
    return _policies(table, select=f"(public OR {own})", write=own)


def scanned_wall(table: str) -> RunSQL:
    """Rows of a centre (``centre_id``) where one is stationed today, and one's own; of a matter as its wall says.

    A row is added in one's own name only.
    """
    named = (
        f'EXISTS (SELECT 1 FROM matters_namedreader named WHERE named.matter_id = "{table}".matter_id '
        f"AND named.person_id = {PERSON} AND named.until >= {TODAY})"
    )
    stationed = (
        "EXISTS (SELECT 1 FROM places_stationing held JOIN places_post post ON post.id = held.post_id "
        f'WHERE post.centre_id = "{table}".centre_id AND held.person_id = {PERSON} '
        f"AND held.valid_from <= {TODAY} AND (held.valid_until IS NULL OR held.valid_until >= {TODAY}))"
    )
    open_or_named = f"(restriction = 'open' OR (restriction = 'restricted' AND {named}))"
    seen = f"county = ANY ({COUNTIES}) AND {open_or_named} AND (person_id = {PERSON} OR {stationed})"
    return _policies(table, select=seen, write=seen, insert=f"{seen} AND person_id = {PERSON}")


def where_due(name: str, due: str) -> RunSQL:
    """The owner's function ``name(moment, today)`` that tells a sweep where it has something to do, and nothing of it.

    ``due`` selects county, restriction and matter_id of what is due at ``moment``. The sweep learns the counties with
    open rows among them, as nobody, and for restricted rows one of the readers who may see them. Sealed ones are
    nobody's.
    """
    body = f"""
      WITH due AS ({due})
      SELECT DISTINCT due.county::text, '00000000-0000-0000-0000-000000000000'::uuid FROM due
      WHERE due.restriction = 'open'
      UNION
      SELECT due.county::text, reader.person_id FROM due
      JOIN LATERAL (
        SELECT named.person_id FROM matters_namedreader named
        WHERE named.matter_id = due.matter_id AND named.until >= today ORDER BY named.person_id LIMIT 1) reader ON TRUE
      WHERE due.restriction = 'restricted'
    """
    signature = f"{name}(moment timestamptz, today date)"
    return definer(signature, "TABLE (county text, person uuid)", body, language="sql")
