"""What the privacy office leaves to the worker."""

from datetime import timedelta

from django.utils import timezone

from mdt.duties.registry import handles_regularly
from mdt.events import once

FORMS_KEPT = timedelta(days=30)
"""Far longer than a page can be sent from: a session ends after ten hours, and with it the page's token."""


@handles_regularly("prune-forms", every=timedelta(days=1))
def prune_forms(_subject: str) -> None:
    """Forget which forms counted, once they are so old (retention.toml, kind `forms`)."""
    once.prune(before=timezone.now() - FORMS_KEPT)
