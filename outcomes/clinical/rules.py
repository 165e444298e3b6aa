"""The rules between columns of the clinical table: what cannot be, and what is doubtful.

Each rule is declared once: the gate asks it of every row, `kmt2a dictionary` prints it, and the
JSON Schema states it where JSON Schema can. A rule looks at one row and nothing else.
"""

from outcomes.clinical.doubtful import DOUBTFUL
from outcomes.clinical.impossible import IMPOSSIBLE

RULES = (*IMPOSSIBLE, *DOUBTFUL)
"""All rules, in the order in which they are asked."""
