"""What a web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from chedai.config.launch.quote_kernel import load_in_background

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chedai.config.settings")

application = get_wsgi_application()
load_in_background()
