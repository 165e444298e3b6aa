"""ISCN, the language of karyotypes and FISH: its grammar, its syntax tree, and its text."""

from __future__ import annotations

from fusion_caller.iscn.iscn_error import IscnError
from fusion_caller.iscn.outline import outline
from fusion_caller.iscn.reading import parse
from fusion_caller.iscn.writing import write

__all__ = ["IscnError", "outline", "parse", "write"]
