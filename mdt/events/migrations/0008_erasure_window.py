from django.db import migrations, models

from mdt.events import guards


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0007_rows_and_checkpoints"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasureWindow",
            fields=[
                (
                    "order",
                    models.PositiveBigIntegerField(
                        help_text="Number of the order that is carried out.", primary_key=True, serialize=False
                    ),
                ),
            ],
        ),
        # Tables that are made after this one get guards that heed the window by themselves.
        migrations.RunPython(
            lambda apps, editor: guards.install_anew(editor.connection, has_window=True),
            lambda apps, editor: guards.install_anew(editor.connection, has_window=False),
        ),
    ]
