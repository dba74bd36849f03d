from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0009_sent_forms"),
    ]

    operations = [
        migrations.AddField(
            model_name="sentform",
            name="is_answered",
            # Those that are there were answered.
            field=models.BooleanField(default=True, help_text="Whether that is known yet."),
        ),
        migrations.AlterField(
            model_name="sentform",
            name="is_answered",
            field=models.BooleanField(default=False, help_text="Whether that is known yet."),
        ),
        migrations.AlterField(
            model_name="sentform",
            name="at",
            field=models.DateTimeField(auto_now_add=True, db_index=True),
        ),
    ]
