"""WSGI entry point: `gunicorn mdt.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from mdt.headers import without_charset

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mdt.settings")
application = without_charset(get_wsgi_application())
