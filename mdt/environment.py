"""Reading the process environment: every setting that a deployment may change comes through here, and fails loudly."""

import os
from urllib.parse import parse_qs, unquote, urlsplit

import tzlocal
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The value of `name`, or `default` where it is unset."""
    return os.environ.get(name, default)


def machine_time_zone() -> str:
    """The IANA name of the zone that the machine's clock shows; UTC where it says none."""
    try:
        name = tzlocal.get_localzone_name()
    except (LookupError, OSError, ValueError):
        name = None
    return "UTC" if not name or name in ("Etc/UTC", "Etc/UCT", "Etc/GMT", "Etc/Zulu", "Etc/Universal") else name


def flag(name: str, default: bool) -> bool:
    """A yes/no setting. Raises ImproperlyConfigured for any other word."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be one of {sorted(TRUE | FALSE - {''})}, not {value!r}.")


def integer(name: str, default: int) -> int:
    """A whole-number setting. Raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list; blanks are dropped."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def choice(name: str, words: list[str]) -> str:
    """One of these words, the first where it is unset. Raises ImproperlyConfigured for any other."""
    value = os.environ.get(name) or words[0]
    if value not in words:
        raise ImproperlyConfigured(f"{name} must be one of {words}, not {value!r}.")
    return value


PORTS = {"none": 25, "starttls": 587, "implicit": 465}


def smtp(name: str) -> dict[str, object]:
    """A mail server as `smtp://user:password@host:587?tls=starttls&timeout=20`, in the words of Django's EMAIL_
    settings; empty where it is unset. `tls` is starttls (the default), implicit or none.

    Raises ImproperlyConfigured for anything that cannot be understood; the message never repeats the password.
    """
    address = os.environ.get(name)
    if not address:
        return {}
    try:
        parts = urlsplit(address)
        asked = {key: values[-1] for key, values in parse_qs(parts.query, strict_parsing=bool(parts.query)).items()}
        tls, timeout = asked.pop("tls", "starttls"), int(asked.pop("timeout", "20"))
        usual = PORTS[tls]  # an unknown word is refused even where a port is given: it would leave mail in the clear
        port = parts.port or usual
        if parts.scheme != "smtp" or not parts.hostname or asked or timeout < 1 or parts.path not in ("", "/"):
            raise ValueError
    except (ValueError, KeyError):
        raise ImproperlyConfigured(
            f"{name} must look like smtp://user:password@host:587?tls=starttls&timeout=20, "
            f"with tls one of {sorted(PORTS)}."
        ) from None
    return {
        "host": parts.hostname,
        "port": port,
        "host_user": unquote(parts.username or ""),
        "host_password": unquote(parts.password or ""),
        "use_tls": tls == "starttls",
        "use_ssl": tls == "implicit",
        "timeout": timeout,
    }


def provider(prefix: str) -> dict[str, str]:
    """The hospital's OpenID provider from PREFIX_ISSUER and so on; empty where no issuer is named.

    Raises ImproperlyConfigured for an issuer that is reached without TLS, other than on this machine, or without a
    client.
    """
    issuer = text(f"{prefix}_ISSUER").rstrip("/")
    if not issuer:
        return {}
    parts = urlsplit(issuer)
    is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise ImproperlyConfigured(f"{prefix}_ISSUER must begin with https://.")
    if not text(f"{prefix}_CLIENT_ID"):
        raise ImproperlyConfigured(f"{prefix}_ISSUER needs {prefix}_CLIENT_ID.")
    return {
        "issuer": issuer,
        "client_id": text(f"{prefix}_CLIENT_ID"),
        "client_secret": text(f"{prefix}_CLIENT_SECRET"),
        "username_claim": text(f"{prefix}_USERNAME_CLAIM", "preferred_username"),
    }
