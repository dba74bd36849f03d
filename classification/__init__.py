"""What the guidelines say about a case. Pure Python: no web framework, no database, no clock."""

from .checking import RulebookError
from .decider import Decider
from .describe import describe
from .facts import DISCIPLINES, LANGUAGES, Fact, FactError, Standing, facts_to_json, parse_facts
from .outcome import Outcome, classify
from .pathway import Assumption, Pathway, load_pathway
from .required_items import Readiness, readiness
from .rulebook import Rulebook, load_rulebook
from .statements import Contradiction, Reconciled, Statement, reconcile

__all__ = [
    "DISCIPLINES",
    "LANGUAGES",
    "Assumption",
    "Contradiction",
    "Decider",
    "Fact",
    "FactError",
    "Outcome",
    "Pathway",
    "Readiness",
    "Reconciled",
    "Rulebook",
    "RulebookError",
    "Standing",
    "Statement",
    "classify",
    "describe",
    "facts_to_json",
    "load_pathway",
    "load_rulebook",
    "parse_facts",
    "readiness",
    "reconcile",
]
