"""Adding to the audit: one chain a county and hour, refusals apart from what they refused, two at once."""

from __future__ import annotations

from pathlib import Path

from django.db import connections, transaction

from fengqiao.audit.domain.roots import write_roots
from fengqiao.audit.queries.verification import Break, verify
from tests import small_county


def test_a_shorter_end_that_was_signed_later_excuses_nothing(committed_db: None, tmp_path: Path) -> None:
    """While a chain still grows, its owner cuts it, and the worker signs what is left."""
    with transaction.atomic():
        county = small_county.build()
    for _time in range(3):
        small_county.registered(county)
    write_roots(tmp_path)
    with connections["owner"].cursor() as owner:
        owner.execute("SELECT chain, max(seq) FROM audit_entry GROUP BY chain ORDER BY 2 DESC LIMIT 1")
        name, end = owner.fetchone()
        owner.execute("ALTER TABLE audit_entry DISABLE TRIGGER append_only")
        owner.execute("DELETE FROM audit_entry WHERE chain = %s AND seq = %s", [name, end])
        owner.execute(
            "UPDATE audit_chainhead SET count = %s, hash = (SELECT hash FROM audit_entry "
            "WHERE chain = %s AND seq = %s) WHERE chain = %s",
            [end - 1, name, end - 1, name],
        )
    assert write_roots(tmp_path) == {"440785": 1}
    assert verify(roots=tmp_path).broken == [
        Break(
            f"audit {name}#{end}",
            f"the chain ends at {end - 1}, its signed root says {end}: the tail was removed",
        )
    ]
    small_county.registered(county)
    small_county.registered(county)
    write_roots(tmp_path)
    assert verify(roots=tmp_path).broken == [
        Break(f"audit {name}#{end}", "not the link that the signed root names")
    ]
