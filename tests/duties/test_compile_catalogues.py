"""Compiling the catalogues, also by several processes at once."""

import gettext
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext as said
from django.utils.translation import override

from mdt.duties.management.commands.compile_catalogues import compile_catalogues


@pytest.fixture
def catalogue(tmp_path: Path, settings) -> Path:
    settings.LOCALE_PATHS = [tmp_path]
    entries = polib.POFile()
    entries.metadata = {"Content-Type": "text/plain; charset=utf-8"}
    entries.append(polib.POEntry(msgid="Liver", msgstr="肝脏"))
    entries.save(str(tmp_path / "django.po"))
    return tmp_path / "django.mo"


def test_a_catalogue_is_compiled_once(catalogue: Path) -> None:
    assert compile_catalogues() == [catalogue]
    with catalogue.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Liver") == "肝脏"
    assert compile_catalogues() == []


def test_two_processes_that_compile_at_once_do_not_take_each_others_file(
    catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = polib.POFile.save_as_mofile

    def save_while_another_compiles(entries: polib.POFile, path: str) -> None:
        save(entries, path)
        monkeypatch.setattr(polib.POFile, "save_as_mofile", save)
        compile_catalogues()

    monkeypatch.setattr(polib.POFile, "save_as_mofile", save_while_another_compiles)
    compile_catalogues()
    assert [path.name for path in sorted(catalogue.parent.iterdir())] == ["django.mo", "django.po"]


def test_a_process_that_spoke_before_speaks_the_new_catalogue_after(catalogue: Path) -> None:
    """As at the first start: the program has spoken before its catalogue is made, and then writes messages."""
    folder = catalogue.parent / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with override("zh-hans"):
        assert said("Liver") == "Liver"
    catalogue.with_suffix(".po").rename(folder / "django.po")
    compile_catalogues()
    with override("zh-hans"):
        assert said("Liver") == "肝脏"
