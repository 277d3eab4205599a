"""`make bench`: registration beside its limit, pages at two sizes of the ledger, memory; a table at the end.

    python -m bench [--sizes 10000 1000000] [--rounds 40] [--json]

Everything runs for real in a home of its own (.fengqiao/bench): PostgreSQL, granian with two workers, the worker.
The county is played for some days first and then grown by copies (bench/grow.py); a home that has grown is used
again. On a named database (FENGQIAO_DATABASE_URL) nothing is done: growing needs a superuser and leaves rows.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PLAYED_DAYS = 14
PER_DAY = 35.0


def main() -> int:
    asked = _arguments()
    if "FENGQIAO_DATABASE_URL" in os.environ:
        sys.exit("bench: unset FENGQIAO_DATABASE_URL, the measuring leaves a million rows behind")
    os.environ["FENGQIAO_HOME"] = str(PROJECT / ".fengqiao" / "bench")
    os.environ["FENGQIAO_SECOND_FACTOR"] = "none"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.config.settings")
    from fengqiao.config.local_postgres import local_server

    server = local_server()
    with server.borrowed() as owner:
        import django

        django.setup()
        from bench import table

        told = _measure(server.as_superuser(owner.name).url(), asked)
    print(json.dumps(told, indent=1) if asked.json else table.drawn(told))
    return 0


def _measure(superuser: str, asked: argparse.Namespace) -> dict[str, object]:
    import psycopg

    from bench import binding, clocks, grow, importing, interface, matching, pages, registering, replaying
    from fengqiao.config.management.commands.setup import set_up
    from fengqiao.kernel import clock
    from fengqiao.simulate import county

    set_up(verbosity=0)
    until = clock.today() - timedelta(days=1)
    county.take_in()
    with psycopg.connect(superuser) as connection:
        if not connection.execute("SELECT EXISTS (SELECT FROM matters_matter)").fetchone()[0]:  # type: ignore[index]
            _say(f"playing {PLAYED_DAYS} days …")
            county.play(county.Plan(1, until - timedelta(days=PLAYED_DAYS - 1), until, PER_DAY))
    told: dict[str, object] = {"machine": pages.machine(), "sizes": {}}
    told["registering"], bare = registering.measure(superuser)
    told["interface"] = interface.measure(bare)
    told["importing"] = importing.measure(superuser)
    told["clocks"] = clocks.measure(superuser)
    told["matching"] = matching.measure(superuser)
    told["binding"] = binding.measure()
    for size in sorted(asked.sizes):
        with psycopg.connect(superuser) as connection:
            there = 0
            for there in grow.grow(connection, size):
                _say(f"growing: {there:,} of {size:,} matters", again=True)
            _say("")
        told["sizes"][str(size)] = pages.measure(superuser, rounds=asked.rounds)  # type: ignore[index]
    told["replaying"] = replaying.measure(superuser)
    return told


def _say(line: str, *, again: bool = False) -> None:
    sys.stderr.write(f"\r{line} " if again else f"{line}\n")
    sys.stderr.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=40, help="requests for each page")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
