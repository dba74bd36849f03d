import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mdt.events.guards import Guard


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0002_append_only_guards"),
        ("meetings", "0005_series_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("referrer", "referring doctor"),
                            ("responsible", "responsible doctor"),
                            ("owner", "owner of a next step"),
                            ("earlier", "had the earlier letter"),
                        ],
                        max_length=12,
                    ),
                ),
                ("address", models.EmailField(blank=True, help_text="Of somebody outside the system.", max_length=254)),
                ("name", models.CharField(max_length=120)),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcome_of",
                        to="mail.message",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recipients", to="meetings.release"
                    ),
                ),
            ],
            options={
                "verbose_name": "recipient of an outcome",
                "verbose_name_plural": "recipients of outcomes",
                "ordering": ["id"],
            },
        ),
        Guard("meetings_recipient"),
    ]
