"""The settings of the processes that a journey starts: the product's own, with what the tests made for them."""

from fengqiao.config import logs
from fengqiao.config.settings import *  # noqa: F403
from fengqiao.config.settings import HOME, MIDDLEWARE, STORAGES

# The people of the small county got their passwords by the tests' fast hasher.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Collected and compressed as an installation does it, into the tests' own home.
STATIC_ROOT = HOME / "staticfiles"
# Another dictionary, for the test process imports this module too and serves pages from the built sources.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False

# The data are made up: a failing journey shows the whole error.
LOGGING = logs.set_up(as_json=False, level="WARNING", everything=True)

# The day on which a story plays is written into this file; the domain's clock stands there for every request.
MIDDLEWARE = ["tests.journeys.moment.standing", *MIDDLEWARE]
