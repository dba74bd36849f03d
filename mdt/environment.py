"""Reading the process environment: every setting that a deployment may change comes through here, and fails loudly."""

import os

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    """The value of `name`, or `default` where it is unset."""
    return os.environ.get(name, default)


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
