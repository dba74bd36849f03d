"""What `manage.py check --deploy` says of connections that leave the machine without encryption."""

from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.checks import Tags, Warning, register

HERE = {"", "localhost", "127.0.0.1", "::1"}


@register(Tags.security, deploy=True)
def unencrypted_connections(app_configs, **_) -> list[Warning]:
    """Database, broker and mail server on other machines are spoken to by TLS."""
    return complaints(settings.DATABASES["default"])


def complaints(database: dict) -> list[Warning]:
    found = []
    mode = (database.get("OPTIONS") or {}).get("sslmode", "")
    is_far = database["ENGINE"].endswith("postgresql") and database["HOST"] not in HERE
    if is_far and not database["HOST"].startswith("/") and mode not in ("require", "verify-ca", "verify-full"):
        found.append(_warning("DATABASE_URL", "sslmode=verify-full, or require", "mdt.W001"))
    broker = urlsplit(settings.CELERY_BROKER_URL)
    if broker.scheme == "redis" and broker.hostname not in HERE | {None}:
        found.append(_warning("MDT_REDIS_URL", "rediss://", "mdt.W002"))
    if broker.scheme == "rediss" and parse_qs(broker.query).get("ssl_cert_reqs", ["required"]) == ["none"]:
        found.append(_warning("MDT_REDIS_URL", "a certificate that is checked (ssl_cert_reqs=required)", "mdt.W003"))
    if settings.SMTP and settings.SMTP.get("host", "") not in HERE and not _mail_is_encrypted():
        found.append(_warning("MDT_SMTP_URL", "STARTTLS or TLS", "mdt.W004"))
    return found


def _mail_is_encrypted() -> bool:
    return bool(settings.SMTP.get("use_tls") or settings.SMTP.get("use_ssl"))


def _warning(name: str, wanted: str, number: str) -> Warning:
    return Warning(f"{name} leads to another machine without encryption.", hint=f"Use {wanted}.", id=number)
