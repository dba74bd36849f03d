"""The machine's clock jumps while everything runs: is anything done twice, or not at all, and can people get in?

    python -m tests.services.clock_jumps                   beat looks every 30 seconds, as in an installation
    python -m tests.services.clock_jumps --every-second

Real programs in Europe/Berlin; a few lines of C that stand before libc (clock.c) change what the clock says to all of
them at once. The monotonic clock goes on, as it does on a machine whose clock is set. A team meets on Sundays at
02:30, which on 28 March 2027 does not exist and on 31 October comes twice. The clock runs into both changes, and jumps
a day ahead, an hour back and a day back. After each jump something falls due that only beat can find.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from icalendar import Calendar

from tests.mail.server import Keeper, free_port, mail_server
from tests.migrated import migrate
from tests.services.faults import PASSWORD, Programs, _until
from tests.services.site import Site

SOURCE = Path(__file__).with_name("clock.c")
BEGIN = datetime(2027, 3, 26, 9, tzinfo=UTC)
SPRING = datetime(2027, 3, 28, 1, tzinfo=UTC)  # 02:00 becomes 03:00 in Berlin
AUTUMN = datetime(2027, 10, 31, 1, tzinfo=UTC)  # 03:00 becomes 02:00
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass
class Seen:
    """What came of it."""

    seconds: dict[str, float] = field(default_factory=dict)  # after which jump → until beat found what fell due
    invitations: dict[str, list[str]] = field(default_factory=dict)  # day → beginning in UTC, of each invitation
    doors: dict[str, bool] = field(default_factory=dict)  # what a person tried → whether it opened
    twice: list[str] = field(default_factory=list)
    undone: int = 0
    backups: int = 0
    verified: str = ""

    def __str__(self) -> str:
        waits = ", ".join(f"{jump} {seconds:.0f} s" for jump, seconds in self.seconds.items())
        return (
            f"until beat found what fell due: {waits}\n  invitations: {self.invitations}\n  doors: {self.doors}\n"
            f"  done twice: {self.twice}, left undone: {self.undone}, backups: {self.backups}\n"
            f"  verify: {self.verified}"
        )


class Clock:
    """What the programs take for the time."""

    def __init__(self, folder: Path) -> None:
        self.file, self.library, self.offset = folder / "clock", folder / "clock.so", 0
        self.file.write_bytes(bytes(8))
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.library, SOURCE], check=True)

    def set(self, moment: datetime) -> None:
        """All programs see it from now on: they have the file in their memory."""
        self.offset = round((moment - datetime.now(UTC)).total_seconds())
        with self.file.open("r+b") as file:
            file.write(self.offset.to_bytes(8, sys.byteorder, signed=True))

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self.library), "MDT_TRIAL_CLOCK": str(self.file)}


def trial(folder: Path, database: Path, *, is_quick: bool) -> Seen:
    """Play through all jumps on a copy of this migrated database. Needs a C compiler."""
    seen, clock, data = Seen(), Clock(folder), folder / "data"
    data.mkdir()
    shutil.copy(database, data / "mdt.sqlite3")
    clock.set(BEGIN)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MDT_")}
    with mail_server() as (keeper, smtp):
        environment |= {"DJANGO_SETTINGS_MODULE": "mdt.settings", "MDT_DATA_DIR": str(data), "MDT_LOG_LEVEL": "WARNING",
                        "DATABASE_URL": f"sqlite:///{data / 'mdt.sqlite3'}", "PYTHONWARNINGS": "ignore",
                        "MDT_TIME_ZONE": "Europe/Berlin", "MDT_BACKUP_KEY": "ab" * 32, "MDT_SIGN_IN_ATTEMPTS": "3",
                        "MDT_SMTP_URL": f"smtp://127.0.0.1:{smtp}?tls=none&timeout=5"}  # fmt: skip
        environment |= clock.environment()
        site = Site(environment)
        site.step("a_board_at_night")
        programs = Programs(site, free_port())
        del programs.commands["writer"]
        if is_quick:
            programs.commands["beat"] = ["celery", "--quiet", "-A", "tests.services.quick", "beat", "--pidfile="]
        try:
            for name in programs.commands:
                programs.start(name)
            _until(programs.is_healthy, "never served")
            _play(seen, clock, site, programs, keeper)
        finally:
            programs.end()
        _count(seen, site, keeper)
    return seen


def _play(seen: Seen, clock: Clock, site: Site, programs: Programs, keeper: Keeper) -> None:
    base = f"http://127.0.0.1:{programs.port}"

    def jump(name: str, moment: datetime) -> None:
        clock.set(moment)
        site.write(
            "INSERT INTO duties_duty (kind, subject, due_at, state, attempts, last_error, created_at) VALUES "
            f"('test-note', 'tests.Note:{len(seen.seconds) + 1}', '{clock.now() + timedelta(seconds=2):%F %T}', "
            f"'waiting', 0, '', '{clock.now():%F %T}')"
        )
        began, wanted = time.monotonic(), f"effect-{len(seen.seconds) + 1}"
        _until(lambda: (wanted,) in site.read("SELECT username FROM people_user"), f"nothing was found after: {name}")
        seen.seconds[name] = time.monotonic() - began

    _until(lambda: len(_invitations(keeper)) == 1, "nobody was invited to the meeting in spring")
    jump("at the start", BEGIN)
    here = _signed_in(base)
    jump("into the hour that does not exist", SPRING - timedelta(seconds=2))
    jump("an hour back", clock.now() - HOUR)
    jump("a day ahead", clock.now() + DAY)
    seen.doors["the session of before the day ahead"] = _is_in(base, here)
    ahead = _signed_in(base)
    seen.doors["sign in while a day ahead"] = _is_in(base, ahead)
    for _number in range(3):
        _signed_in(base, "wrong")
    seen.doors["sign in after three wrong passwords"] = _is_in(base, _signed_in(base))
    jump("a day back", clock.now() - DAY)
    seen.doors["the session of a day ahead, after it"] = _is_in(base, ahead)
    seen.doors["sign in after the day ahead"] = _is_in(base, _signed_in(base))
    jump("seven months ahead", AUTUMN - 3 * DAY)
    _until(lambda: "2027-10-31" in _invitations(keeper), "nobody was invited to the meeting in autumn")
    jump("into the hour that comes twice", AUTUMN - timedelta(seconds=2))
    jump("in the hour that came twice", clock.now() + timedelta(minutes=30))


def _signed_in(base: str, password: str = PASSWORD) -> requests.Session:
    web = requests.Session()
    web.get(f"{base}/sign-in/", timeout=30)
    entries = {"username": "anna", "password": password, "csrfmiddlewaretoken": web.cookies["csrftoken"]}
    web.post(f"{base}/sign-in/", entries, timeout=30, allow_redirects=False)
    return web


def _is_in(base: str, web: requests.Session) -> bool:
    return web.get(f"{base}/account/", timeout=30, allow_redirects=False).status_code == 200


def _invitations(keeper: Keeper) -> dict[str, list[str]]:
    """Day by the clock of Berlin → beginnings in UTC of the invitations that arrived."""
    found: dict[str, list[str]] = {}
    for mail in list(keeper.arrived):
        for part in mail.walk():
            if part.get_content_type() == "text/calendar":
                [event] = Calendar.from_ical(part.get_content()).walk("VEVENT")
                begins = event["DTSTART"].dt
                found.setdefault(f"{begins:%F}", []).append(f"{begins.astimezone(UTC):%F %R}")
    return found


def _count(seen: Seen, site: Site, keeper: Keeper) -> None:
    seen.invitations = _invitations(keeper)
    copies = Counter(str(mail["Message-ID"]) for mail in keeper.arrived)
    seen.twice += [f"e-mail {identity}" for identity, count in copies.items() if count > 1]
    said = Counter(site.read("SELECT kind, to_id, subject FROM mail_message WHERE kind IN ('reminder', 'invitation')"))
    seen.twice += [f"message {row}" for row, count in said.items() if count > 1]
    seen.backups = len(list((site.data / "backups").glob("mdt-*.mdtbackup")))
    open_ones = "state = 'failed' OR (state IN ('waiting', 'claimed') AND kind IN ('test-note', 'send-message'))"
    seen.undone = site.read(f"SELECT COUNT(*) FROM duties_duty WHERE {open_ones}")[0][0]
    seen.verified = site.manage("verify")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--every-second", action="store_true", help="beat looks every second")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        database = Path(scratch, "empty.sqlite3")
        migrate(os.environ | {"MDT_DATA_DIR": scratch, "DATABASE_URL": f"sqlite:///{database}"})
        print(trial(Path(scratch), database, is_quick=asked.every_second))


if __name__ == "__main__":
    main()
