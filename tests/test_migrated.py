"""The migrated database that tests copy is made anew when anything changes that it stands on."""

import re

from tests import migrated

IMPORTED = re.compile(r"^\s*(?:from|import) ((?:mdt|cases|classification)(?:\.\w+)*)(?: import (\w+))?", re.MULTILINE)


def test_it_stands_on_every_module_that_a_migration_reads():
    files = migrated.stand_on()
    migrations = [path for path in files if path.parent.name == "migrations"]
    assert {path for path in migrated.ROOT.glob("*/**/migrations/0*.py") if ".venv" not in path.parts} <= {*migrations}
    for path in migrations:
        for module, name in IMPORTED.findall(path.read_text(encoding="utf-8")):
            place = migrated.ROOT / module.replace(".", "/")
            modules = {place.with_suffix(".py"), place / "__init__.py", place / f"{name}.py"}
            assert modules & {*files}, f"{path.name} reads {module}: name it in tests/migrated.py"


def test_a_copy_is_whole_and_another_name_is_another_file(tmp_path):
    for name in ("one", "other"):
        migrated.copy_to_file(tmp_path / name)
        assert (tmp_path / name).read_bytes()[:15] == b"SQLite format 3"
