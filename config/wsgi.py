"""The web application; refuses to start on settings that would hurt."""

import os

from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

faults = [str(message) for message in run_checks() if message.is_serious()]
if faults:
    raise ImproperlyConfigured("\n".join(faults))
