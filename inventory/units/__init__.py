"""Units: which parts the office had on which day, their networks, and what became of them."""

from inventory.units.keeping import at, history, import_units, put
from inventory.units.model import FIRST, Holding, Network, Unit
from inventory.units.planning import Act, Difference, Plan, Step
from inventory.units.raw import Problem, UnitsRefused
from inventory.units.tree import Belongs, History, Tree, unit_of
from inventory.units.values import KINDS, Bad, day_of

__all__ = [
    "FIRST",
    "KINDS",
    "Act",
    "Bad",
    "Belongs",
    "Difference",
    "History",
    "Holding",
    "Network",
    "Plan",
    "Problem",
    "Step",
    "Tree",
    "Unit",
    "UnitsRefused",
    "at",
    "day_of",
    "history",
    "import_units",
    "put",
    "unit_of",
]
