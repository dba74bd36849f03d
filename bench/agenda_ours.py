"""The project's solver by itself: the package `mdt` brings Celery, which the peers' environment does not have."""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path

if importlib.util.find_spec("celery") is None:
    package = types.ModuleType("mdt")
    package.__path__ = [str(Path(__file__).parents[1] / "mdt")]
    sys.modules["mdt"] = package

from mdt.meetings.planning.solver import NOWHERE, Problem, replan, solve
from mdt.meetings.planning.solver.places import greedy

__all__ = ["NOWHERE", "Problem", "greedy", "replan", "solve"]
