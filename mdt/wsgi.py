"""WSGI entry point: `gunicorn mdt.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from mdt.headers import without_charset

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mdt.settings")
application = without_charset(get_wsgi_application())

# The rulebook and the templates are some hundred thousand objects that live as long as the process. Looked through for
# garbage in the middle of a request they cost 100 ms: so what is loaded now is left out, and the rest is done rarely.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
