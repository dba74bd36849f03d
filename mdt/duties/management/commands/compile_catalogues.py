"""`manage.py compile_catalogues`: makes the .mo files that Django reads from the .po files people edit."""

from pathlib import Path
from secrets import token_hex

import polib
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.reloader import translation_file_changed


def compile_catalogues() -> list[Path]:
    """Compile every catalogue whose .mo is missing or older than its .po. Returns the files written."""
    written = []
    for folder in map(Path, settings.LOCALE_PATHS):
        for source in sorted(folder.rglob("*.po")):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                # Written aside to a name of its own, and moved: nobody reads half a catalogue, or moves another's.
                aside = target.with_suffix(f".mo.{token_hex(4)}")
                polib.pofile(str(source)).save_as_mofile(str(aside))
                aside.replace(target)
                written.append(target)
                translation_file_changed(None, target)  # what this process read, or missed, before
    return written


class Command(BaseCommand):
    help = "Compile the translation catalogues (no gettext needed)."
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        written = compile_catalogues()
        if options["verbosity"]:
            self.stdout.writelines(f"{path.relative_to(settings.BASE_DIR)}\n" for path in written)
