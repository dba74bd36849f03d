"""How far apart clocks may be, for whatever was noted by a clock that was wrong for a while and then set right.

A time that lies ahead by more than this was noted by such a clock: nobody stays locked out, or let in, until then.
"""

from datetime import timedelta

CLOCK_SLACK = timedelta(minutes=5)
"""Clocks of machines that share a database differ by less."""
