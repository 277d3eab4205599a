"""The entry point of the process of live notices: server-sent events, and nothing else of the desk."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.config.settings")
django.setup()

from fengqiao.web.live.stream import Live  # noqa: E402  after the set-up

application = Live()
