from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_packed_outcomes"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="referrer_email",
            field=models.EmailField(
                blank=True,
                help_text="To send the outcome to; left empty, the letter is printed.",
                max_length=254,
                verbose_name="e-mail of the referring doctor",
            ),
        ),
    ]
