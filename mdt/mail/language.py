"""In which language a person is written to."""

from django.conf import settings

from mdt.people.models import User


def of(user: User) -> str:
    """The person's own choice, else the installation's language: 'en' or 'zh-hans'."""
    return user.language or settings.LANGUAGE_CODE
