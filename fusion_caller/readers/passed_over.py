"""What of a file is read but can be no fusion: counted, and said in one remark.

A variant file holds small variants, an aligner's file millions of rows from elsewhere. Such rows
are in no call and were not refused either; a remark for each would hide the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.records import Disposition, SetAside

if TYPE_CHECKING:
    from fusion_caller.readers.reader import Origin


@dataclass(slots=True)
class PassedOver:
    """How many rows there were, and the first of them.

    Attributes:
        why: Why they make no call, as in `no rearrangement`.
    """

    why: str
    n_rows: int = 0
    line: int = 0

    def add(self, line: int) -> None:
        """Count a row."""
        self.n_rows += 1
        self.line = self.line or line

    def remark(self, origin: Origin) -> tuple[SetAside, ...]:
        """The remark, if there is anything to say."""
        if not self.n_rows:
            return ()
        rows = f"{self.n_rows:,} rows, this one first, make"
        rows = "the row makes" if self.n_rows == 1 else rows
        remark = SetAside(
            file=origin.file,
            line=self.line,
            patient=origin.patient,
            sample=origin.sample,
            disposition=Disposition.PASSED_OVER,
            n_rows=self.n_rows,
            reason=f"{rows} no call: {self.why}",
        )
        return (remark,)
