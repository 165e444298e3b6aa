"""The protocols whose risk groups are known, by name."""

from __future__ import annotations

from outcomes.risk.cccg_all_2015 import CCCG_ALL_2015
from outcomes.risk.eln_2022 import ELN_2022
from outcomes.risk.interfant_06 import INTERFANT_06

PROTOCOLS = {protocol.name: protocol for protocol in (CCCG_ALL_2015, INTERFANT_06, ELN_2022)}
