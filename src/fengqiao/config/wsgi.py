"""The entry point of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from fengqiao.config.shared_figures import share_with_the_others

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.config.settings")
share_with_the_others()

application = get_wsgi_application()
