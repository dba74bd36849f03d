"""The bill of materials names every package of the lock."""

from django.conf import settings

from scripts.sbom import bill


def test_every_locked_package_is_named_with_its_hashes():
    lines = (settings.BASE_DIR / "requirements.txt").read_text().splitlines()
    locked = {
        line.split("==")[0].partition("[")[0] for line in lines if "==" in line and not line.startswith((" ", "#"))
    }
    said = bill()
    assert said["bomFormat"] == "CycloneDX"
    assert {each["name"] for each in said["components"]} == locked
    assert all(each["hashes"] for each in said["components"])
    django = next(each for each in said["components"] if each["name"] == "django")
    assert django["licenses"]
