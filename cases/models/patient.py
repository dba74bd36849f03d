from copy import copy
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def not_in_future(day) -> None:
    if day > timezone.localdate():
        raise ValidationError(_("This date lies in the future."), code="future")


class Patient(models.Model):
    """A person under the care of one team's hospital. The same person in two hospitals is two rows."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")
        OTHER = "other", _("other")
        UNKNOWN = "unknown", _("not known")

    team = models.ForeignKey("people.Team", models.PROTECT, related_name="patients", verbose_name=_("team"))
    hospital_number = models.CharField(_("hospital number"), max_length=40)
    national_number = models.CharField(_("national identifier"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=120)
    born_on = models.DateField(_("date of birth"), validators=[not_in_future])
    sex = models.CharField(_("sex"), max_length=8, choices=Sex, default=Sex.UNKNOWN)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, help_text=_("Grows with every correction of the details."))

    # What the event log covers with a digest (mdt.events.rows).
    named_in_log = ("team_id", "hospital_number", "national_number", "name", "born_on", "sex", "created_at")

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        constraints = [
            models.UniqueConstraint(
                name="patient_hospital_number_once",
                fields=["team", "hospital_number"],
                violation_error_message=_("This hospital number belongs to another patient of the team."),
            )
        ]
        indexes = [models.Index(fields=["team", "national_number"], name="patient_national_number")]

    def __str__(self) -> str:
        return self.name

    def as_of(self, at: datetime) -> "Patient":
        """The details as they stood then, to be shown; never to be saved. Itself where nothing was corrected since."""
        later = list(self.corrections.filter(corrected_at__gt=at).order_by("-id"))
        if not later:
            return self
        then = copy(self)
        for correction in later:
            for name, value in correction.before.items():
                setattr(then, name, self._meta.get_field(name).to_python(value))
        return then

    def age_on(self, day) -> int:
        """Full years on that day."""
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))

    @property
    def age(self) -> int:
        return self.age_on(timezone.localdate())
