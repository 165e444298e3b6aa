"""The pictures of calls from reads, as the report shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflows.evidence_files import EVIDENCE, EVIDENCE_TABLE

if TYPE_CHECKING:
    from workflows.report.results_in import ResultsIn


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePicture:
    """The reads of one call.

    Attributes:
        number: The call's, among all of the table.
        patient: Whose it is.
        title: The call and its confidence.
        caption: What the picture shows.
        address: The picture, as a data address.
    """

    number: int
    patient: str
    title: str
    caption: str
    address: str


def evidence_pictures(results: ResultsIn, folder: str = "") -> tuple[EvidencePicture, ...]:
    """The pictures that a results folder lists, in their order; none where nothing was read.

    Raises:
        InputError: If a picture is not there.
    """
    listed = f"{folder}{EVIDENCE_TABLE}"
    return tuple(
        EvidencePicture(
            number=number,
            patient=row["patient"],
            title=f"{row['fusion']} ({row['confidence']} confidence)",
            caption=row["caption"],
            address=results.picture(f"{folder}{EVIDENCE}{row['picture']}", listed=listed),
        )
        for number, row in enumerate(results.table(listed), 1)
    )
