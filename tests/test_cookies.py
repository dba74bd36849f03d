"""Behind TLS no other host, and no page without TLS, can set or read the cookies of this one."""

import os
import subprocess
import sys

from django.conf import settings

ASK = """
import django
django.setup()
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)
print(s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_HTTPONLY)
"""


def test_behind_tls_cookies_belong_to_this_host_alone(tmp_path):
    environment = os.environ | {"MDT_HTTPS": "1", "MDT_DATA_DIR": str(tmp_path), "MDT_ALLOWED_HOSTS": "mdt.example.org"}
    asked = [sys.executable, "-c", ASK]
    said = subprocess.run(asked, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["__Host-session", "__Host-csrf", "True", "True", "/", "None", "True"]
