"""What the audit counts with: intervals, control charts and survival, in plain Python, without Django or a library.

Every function says how it counts and after whom. The tests hold it against published examples and, for survival,
against another implementation to the ninth digit.
"""

from mdt.audit.statistics.control_charts import Chart, Point, Signal, p_chart, xmr_chart
from mdt.audit.statistics.proportions import SMALL_NUMBER, Proportion
from mdt.audit.statistics.survival import Curve, LogRank, Step, kaplan_meier, log_rank

__all__ = [
    "SMALL_NUMBER",
    "Chart",
    "Curve",
    "LogRank",
    "Point",
    "Proportion",
    "Signal",
    "Step",
    "kaplan_meier",
    "log_rank",
    "p_chart",
    "xmr_chart",
]
