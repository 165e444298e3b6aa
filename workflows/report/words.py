"""Numbers and codes as a reader wants them: rounded, with units, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    "below_caller_threshold": "Below a caller's threshold or the cut-off",
    "read_through": "Read-through with a neighbour on 11q23, not counted",
    "band_not_specific": "Karyotype band is not specific",
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
# Whether an assay could see a rearrangement: a sign that needs no colour, and the word.
SEEN = {
    "yes": ("\u25cf", "yes"),
    "perhaps": ("\u25d0", "perhaps"),
    "no": ("\u25cb", "no"),
    "not_known": ("?", "not known"),
}
# What samples of another time point say, where that matters.
ELSEWHEN = {
    "later_sample_positive": "a sample of another time point is positive",
    "later_sample_other_partner": "a sample of another time point is positive and names another "
    "partner",
    "later_sample_names_partner": "a sample of another time point names a partner",
}
ASSAYS = {
    "karyotype": "Karyotype",
    "fish": "FISH",
    "rt-pcr": "RT-PCR",
    "split-rt-pcr": "Split RT-PCR",
    "qrt-pcr": "qRT-PCR",
    "rna-seq": "RNA-seq",
    "dna-seq": "DNA-seq",
}
# The same above columns of marks, which are narrow.
SHORT_ASSAYS = {
    "karyotype": "Karyo",
    "fish": "FISH",
    "rt-pcr": "RT-PCR",
    "split-rt-pcr": "Split",
    "qrt-pcr": "qPCR",
    "rna-seq": "RNA",
    "dna-seq": "DNA",
}
VERDICTS = {
    "positive": "positive",
    "negative": "negative",
    "inconclusive": "inconclusive",
    "not_understood": "not understood",
    "not_done": "not done",
}
CALLERS = {
    "star-fusion": "STAR-Fusion",
    "fusioninspector": "FusionInspector",
    "arriba": "Arriba",
    "fusioncatcher": "FusionCatcher",
    "cicero": "CICERO",
    "jaffa": "JAFFA",
    "jaffal": "JAFFAL",
    "pizzly": "pizzly",
    "ctat-lr-fusion": "CTAT-LR-Fusion",
    "dragen": "DRAGEN",
    "defuse": "deFuse",
    "ericscript": "EricScript",
    "squid": "SQUID",
    "infusion": "InFusion",
    "soapfuse": "SOAPfuse",
    "prada": "PRADA",
    "tophat-fusion": "TopHat-Fusion",
    "star-seqr": "STAR-SEQR",
    "chimerascan": "chimerascan",
    "chimpipe": "ChimPipe",
    "aeron": "AERON",
    "fusion-report": "fusion-report",
    "vcf": "VCF",
    "bedpe": "BEDPE",
    "chimeric-junction": "STAR chimeric junctions",
    "fuzzion2": "Fuzzion2",
    "km": "km",
    "fastq": "kmt2a detect",
    "bam": "kmt2a detect (alignments)",
}
# What a remark on an RNA-seq event means.
FLAGS = {
    "read_through": "read-through with a neighbour on 11q23",
    "neighbour": "joined to a neighbour on 11q23 against the direction of read-through",
    "partner_not_known": "not a known KMT2A partner",
    "paralogue_ambiguity": "near-identical copies of the partner gene",
    "discarded_by_caller": "the caller itself discarded it",
    "aligner_only": "chimeric alignments that no caller judged",
    "orientation_not_known": "the caller does not say which gene is the 5' one",
    "gene_by_position": "gene named by the breakpoint's position",
    "build_guessed": "genome build guessed from where the breakpoint lies, state it with --build",
    "breakpoint_outside_gene": "breakpoint not on KMT2A, or on its other strand",
    "partner_elsewhere": "the breakpoint is not where the partner lies",
    "frame_disagrees": "reading frame in dispute",
    "in_many_samples": "in many samples of this run",
    "known_artefact": "seen in cell lines without leukaemia",
    "low_support": "few supporting reads",
    "out_of_frame": "out of frame",
    "reciprocal_only": "only the reciprocal transcript",
    "complex_rearrangement": "complex rearrangement",
}
KINDS = {
    "fusion": "fusion",
    "reciprocal": "reciprocal",
    "complex_reciprocal": "reciprocal of a complex rearrangement",
    "ptd": "partial tandem duplication",
    "read_through": "read-through, not counted",
    "intragenic": "within KMT2A, not counted",
}
PROTOCOLS = {
    "cccg-all-2015": "CCCG-ALL-2015",
    "interfant-06": "Interfant-06",
    "eln-2022": "ELN 2022",
}
# Columns of the clinical table in words, with their units.
COLUMNS = {
    "patient": "Patient",
    "left_study_months": "Left the study, months",
    "complete_remission_months": "Complete remission, months",
    "last_contact_months": "Last contact, months",
    "sex": "Sex",
    "disease": "Leukaemia",
    "age_months": "Age, months",
    "wbc_e9_per_l": "White blood cells, 10\u2079/L",
    "ldh_u_per_l": "LDH, U/L",
    "cns_involvement": "CNS involved",
    "testicular_involvement": "Testis involved",
    "family_history_of_cancer": "Cancer in the family",
    "prednisone_response": "Prednisone response",
    "mrd_fcm_tp1_percent": "FCM-MRD at TP1, %",
    "mrd_fcm_tp2_percent": "FCM-MRD at TP2, %",
    "mrd_pcr_tp1": "PCR-MRD at TP1",
    "mrd_pcr_tp2": "PCR-MRD at TP2",
    "kmt2a_status": "KMT2A status",
    "kmt2a_partner": "KMT2A partner",
    "partner": "Partner",
    "subtype": "Subtype",
}
# The words that a reader may not know, or may know otherwise.
DEFINITIONS = {
    "confirmed": "two independent assays agree and at least one names the partner, or an assay and "
    "its split RT-PCR agree",
    "probable": "one assay names the partner and nothing contradicts it",
    "possible": "the evidence is weak or contradicted",
    "conflicting": "assays name different partners",
    "rearranged, partner unknown": "KMT2A is broken and no assay names the partner",
    "indeterminate": "the evidence does not decide whether KMT2A is rearranged",
    "not rearranged": "assays that could see a rearrangement were done and are negative",
    "not evaluable": "no assay gave a result that decides",
    "PTD": "partial tandem duplication within KMT2A; not a rearrangement with a partner",
    "bcr1, bcr2, bcr3": "breakpoint regions of KMT2A: introns 7\u201312, 19\u201323 and "
    "34\u201335 by MANE numbers",
    "infant": "younger than 12 months at diagnosis",
    "TP1, TP2": "time points of response: day 19 and day 46 of treatment",
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
    return with_error(row["survival"], row["std_error"])


def with_error(fraction: str, std_error: str) -> str:
    """A fraction ± its standard error in percent."""
    if not fraction:
        return ""
    error = f" ± {percent(std_error, 2)}" if std_error else ""
    return f"{percent(fraction, 2)}{error}"


def months(time: str, std_error: str) -> str:
    """A number of months ± its standard error."""
    return f"{number(time, 1)} ± {number(std_error, 1)}" if time else ""


def interval(lower: str, upper: str, *, as_percent: bool = False, digits: int = 2) -> str:
    """A confidence interval, `10.1 to 33.4`; empty where it is not defined.

    Percentages have one decimal, other numbers as many as `digits` says.
    """
    if not lower or not upper:
        return ""
    limits = (lower, upper)
    shown = [percent(each) if as_percent else number(each, digits) for each in limits]
    return " to ".join(shown)


def plural(count: int, word: str, several: str | None = None) -> str:
    """`1 patient`, `2 patients`."""
    return f"{count:,} {word if count == 1 else several or word + 's'}"


def codes_in_words(text: str) -> str:
    """Names of assays and callers as people write them, wherever they stand in a sentence."""
    return _CODE.sub(lambda match: _LABELS[match[0]], text)


def callers_in_words(text: str) -> str:
    """Names of callers as people write them, in a sentence that already names assays in words."""
    return _CODE.sub(lambda match: CALLERS.get(match[0], match[0]), text)


def codes_in_sentence(text: str) -> str:
    """Names of assays and callers as they stand within a sentence: `karyotype`, `FISH`."""
    return _CODE.sub(lambda match: _IN_SENTENCE[match[0]], text)


def uncapitalised(name: str) -> str:
    """A name as it stands within a sentence, `split RT-PCR`; abbreviations keep their capitals."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def columns_in_words(text: str) -> str:
    """Names of clinical columns in words, wherever they stand in a sentence."""
    return _COLUMN.sub(lambda match: COLUMNS[match[0]], text)


def place(row: Mapping[str, str]) -> str:
    """Where a result was read, `assays.csv:12`; empty where there is no file."""
    return ":".join(filter(None, (row["file"], row["line"])))


_LABELS = {**ASSAYS, **CALLERS}
_IN_SENTENCE = {**{code: uncapitalised(name) for code, name in ASSAYS.items()}, **CALLERS}
# The longest first, and only whole words: rt-pcr is a part of split-rt-pcr and of qrt-pcr.
_CODE = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(_LABELS, key=len, reverse=True))})(?![\w-])")
_COLUMN = re.compile(rf"\b(?:{'|'.join(name for name in COLUMNS if '_' in name)})\b")
