"""Numbers and codes as a reader wants them: rounded, with units, in words."""

from __future__ import annotations

# What the closed vocabulary of reasons means to a clinician, in the order of urgency.
REASONS = {
    "unexplained": "Unexplained: look at this first",
    "assays_name_different_partners": "Assays name different partners",
    "fish_outside_gene": "FISH positive, no fusion transcript",
    "nested_pcr_background": "Nested PCR alone positive",
    "not_expressed_or_low_reads": "RNA-seq without the fusion",
    "reciprocal_only": "Only the reciprocal transcript seen",
    "cryptic_to_fish_inversion": "Short inversion, invisible to break-apart FISH",
    "cryptic_to_fish_insertion": "Insertion, may be invisible to break-apart FISH",
    "unbalanced_fish_3prime_loss": "Loss of the 3' probe",
    "ptd_not_visible": "Partial tandem duplication, invisible to this assay",
    "partner_not_on_panel": "Partner is not on the RT-PCR panel",
    "breakpoint_outside_primers": "Break outside the panel's primers",
    "paralogue_ambiguity": "Near-identical copies of the partner gene",
    "below_caller_threshold": "Below one caller's threshold",
    "read_through": "Read-through with a neighbour on 11q23, not counted",
    "band_not_specific": "Karyotype band does not fit the partner",
    "normal_karyotype_cryptic": "Karyotype without 11q23 (cryptic)",
}
# Reasons that need nobody's attention in a patient whose result is clear.
EXPECTED = {"normal_karyotype_cryptic", "below_caller_threshold", "read_through"}

STATUSES = {
    "rearranged": "KMT2A rearranged",
    "rearranged_partner_unknown": "KMT2A rearranged, partner unknown",
    "ptd": "KMT2A partial tandem duplication",
    "not_rearranged": "not rearranged",
    "indeterminate": "indeterminate",
    "not_evaluable": "not evaluable",
}
ASSAYS = {
    "karyotype": "Karyotype",
    "fish": "FISH",
    "rt-pcr": "RT-PCR",
    "split-rt-pcr": "Split RT-PCR",
    "qrt-pcr": "qRT-PCR",
    "rna-seq": "RNA-seq",
}
MINUS = "\u2212"
SMALLEST_P = 0.0001


def number(text: str, digits: int = 2) -> str:
    """A machine's number rounded for people; empty stays empty, text stays as it is."""
    if text == "":
        return ""
    try:
        value = float(text)
    except ValueError:
        return text
    if value == int(value) and "." not in text.rstrip("0").rstrip("."):
        return str(int(value)).replace("-", MINUS)
    return f"{value:.{digits}f}".replace("-", MINUS)


def percent(text: str, digits: int = 1) -> str:
    """A fraction as a percentage without its sign."""
    return f"{100 * float(text):.{digits}f}" if text else ""


def p_value(text: str) -> str:
    """A p value to four decimals, as journals print it."""
    if not text:
        return ""
    value = float(text)
    return "<0.0001" if value < SMALLEST_P else f"{value:.4f}"


def estimate(row: dict[str, str]) -> str:
    """Survival ± standard error in percent."""
    if not row["survival"]:
        return ""
    error = f" ± {percent(row['std_error'], 2)}" if row["std_error"] else ""
    return f"{percent(row['survival'], 2)}{error}"


def interval(lower: str, upper: str, *, as_percent: bool = False) -> str:
    """A confidence interval, `10.1 to 33.4`; empty where it is not defined."""
    if not lower or not upper:
        return ""
    low, high = (percent(lower), percent(upper)) if as_percent else (number(lower), number(upper))
    return f"{low} to {high}"


def plural(count: int, word: str, several: str | None = None) -> str:
    """`1 patient`, `2 patients`."""
    return f"{count:,} {word if count == 1 else several or word + 's'}"
