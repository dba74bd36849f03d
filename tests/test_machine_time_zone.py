"""Where nobody set a time zone, the machine's clock has it."""

import tzlocal

from mdt.environment import machine_time_zone


def test_the_zone_is_the_machine_s_and_utc_where_it_has_none(monkeypatch):
    for said, zone in (
        ("Europe/London", "Europe/London"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT-8", "Etc/GMT-8"),
        (None, "UTC"),
    ):
        monkeypatch.setattr(tzlocal, "get_localzone_name", lambda said=said: said)
        assert machine_time_zone() == zone


def test_a_clock_that_cannot_be_read_is_no_reason_not_to_start(monkeypatch):
    def unreadable():
        raise LookupError("CST-8")

    monkeypatch.setattr(tzlocal, "get_localzone_name", unreadable)
    assert machine_time_zone() == "UTC"
