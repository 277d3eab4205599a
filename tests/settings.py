"""The settings of the tests: a home and a database of their own, and no slow password hashes.

They are read before any conftest, so it is here that the test server is started. It stops when the last
test process that uses it ends. With FENGQIAO_DATABASE_URL the tests run on that server instead, in databases
of their own beside the one that the address names.
"""

import atexit
import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from fengqiao.config import environment
from fengqiao.config.environment import DatabaseAddress
from fengqiao.config.local_postgres import local_server

# Another PostgreSQL than the wheel's (/usr/lib/postgresql/15/bin) has a home and a server of its own.
_other = Path(os.environ["FENGQIAO_PG_BIN"]).parent.name if os.environ.get("FENGQIAO_PG_BIN") else ""
os.environ["FENGQIAO_HOME"] = str(environment.PROJECT / ".fengqiao" / f"test{'-' if _other else ''}{_other}")
# Not the role of an installation that may live on the same server.
os.environ["FENGQIAO_APP_ROLE"] = "fengqiao_app_test"
os.environ.pop("FENGQIAO_APP_DATABASE_URL", None)

_until_the_end = ExitStack()
if "FENGQIAO_DATABASE_URL" not in os.environ:
    _owner = _until_the_end.enter_context(local_server(for_tests=True).borrowed())
    atexit.register(_until_the_end.close)
else:
    _owner = DatabaseAddress.parse(os.environ["FENGQIAO_DATABASE_URL"])

from tests.template_database import worker_database  # noqa: E402

_owner = replace(_owner, name=worker_database())
os.environ["FENGQIAO_DATABASE_URL"] = _owner.url()

from fengqiao.config.settings import *  # noqa: E402, F403
from fengqiao.config.settings import DATABASES, KEYRING, STORAGES  # noqa: E402
from fengqiao.kernel.crypto import Keyring  # noqa: E402

# A pool's threads would hold connections to a database that the tests want to make anew.
DATABASES["default"]["OPTIONS"].pop("pool")
# The tests find no built assets' manifest, and need none.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

Keyring.create(KEYRING)
