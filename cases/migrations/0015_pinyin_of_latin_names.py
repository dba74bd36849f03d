"""Names in Latin letters are found by their syllables, and all by surname and initials: the words of search anew."""

from django.db import migrations

from mdt.people.pinyin import keys_of_name

BATCH, LENGTH = 500, 600


def fill(apps, schema_editor) -> None:
    Case = apps.get_model("cases", "Case")
    cases = Case.objects.using(schema_editor.connection.alias).filter(is_restricted=False).order_by("pk")
    last, rows = 0, True
    while rows:
        rows = list(cases.filter(pk__gt=last).select_related("patient")[:BATCH])
        changed = []
        for case in rows:
            last, patient = case.pk, case.patient
            sound = keys_of_name(patient.name)
            words = [case.reference, patient.name, patient.hospital_number, patient.national_number, case.question]
            text = " ".join(words)
            text = f"{text[: LENGTH - len(sound) - 1]} {sound}" if sound else text[:LENGTH]
            if text != case.search_text:
                case.search_text = text
                changed.append(case)
        Case.objects.using(schema_editor.connection.alias).bulk_update(changed, ["search_text"], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_to_confirm")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
