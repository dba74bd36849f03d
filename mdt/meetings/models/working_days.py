"""On which days a team works: the holidays of its country or region, and days of its own."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class TeamCalendar(models.Model):
    """Whose public holidays a team keeps. Without a country it keeps none, and works from Monday to Friday."""

    team = models.OneToOneField("people.Team", models.PROTECT, related_name="calendar", verbose_name=_("team"))
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166: CN, DE, US, …"))
    region = models.CharField(_("region"), max_length=32, blank=True, help_text=_("Where holidays differ by region."))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("team calendar")
        verbose_name_plural = _("team calendars")

    def __str__(self) -> str:
        return f"{self.team}: {self.country}{self.region and '-'}{self.region}"


class ClosedDay(models.Model):
    """A day, or several in a row, on which the team holds no meeting."""

    team = models.ForeignKey("people.Team", models.PROTECT, related_name="closed_days", verbose_name=_("team"))
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    label = models.CharField(_("what for"), max_length=80)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        ordering = ["first_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="closed_days_in_order",
                condition=Q(first_on__lte=F("last_on")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_on}: {self.label}"
