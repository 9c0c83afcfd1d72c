"""What a web server calls."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from chedai.config.launch.quote_kernel import load_in_background

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chedai.config.settings")

application = get_wsgi_application()
# Every view is imported before the first request, which would wait a second for it.
import_module(settings.ROOT_URLCONF)
load_in_background()
