"""Patients with a Chinese name are found by its sound: the words of search of the cases that are there already."""

from django.db import migrations

from mdt.people.pinyin import keys

BATCH, LENGTH = 500, 600


def fill(apps, schema_editor) -> None:
    Case = apps.get_model("cases", "Case")
    cases = Case.objects.using(schema_editor.connection.alias).filter(is_restricted=False).order_by("pk")
    last, rows = 0, True
    while rows:
        rows = list(cases.filter(pk__gt=last).select_related("patient").only("search_text", "patient__name")[:BATCH])
        changed = []
        for case in rows:
            last, sound = case.pk, keys(case.patient.name)
            if sound and not case.search_text.endswith(sound):
                case.search_text = f"{case.search_text[: LENGTH - len(sound) - 1]} {sound}"
                changed.append(case)
        Case.objects.using(schema_editor.connection.alias).bulk_update(changed, ["search_text"], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_restricted")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
