"""Messages of Django itself for which Chinese clinicians have better words than its catalogue.

Naming them here brings them into ours, which is asked before Django's own.
"""

from django.utils.translation import gettext_lazy as _

WORDED_HERE = (_("This field is required."), _("Enter a valid date."))
