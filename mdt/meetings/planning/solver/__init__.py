"""Which case goes to which meeting, at least cost, and how far from the best possible that is at most.

Pure Python and numpy, no Django: numbers in, numbers out. Every cost and minute is a whole number, so that what is
computed is exact, and the same problem always gives the same answer.
"""

from mdt.meetings.planning.solver.certificate import Certificate
from mdt.meetings.planning.solver.problem import NOWHERE, Agendas, Problem
from mdt.meetings.planning.solver.solve import replan, solve

__all__ = ["NOWHERE", "Agendas", "Certificate", "Problem", "replan", "solve"]
