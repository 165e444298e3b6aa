"""One KMT2A event of an RNA-seq sample, in words for the report."""

from __future__ import annotations

from workflows.report import words

Row = dict[str, str]


def event_in_words(row: Row) -> Row:
    """One KMT2A event: codes in words, reads by caller, places on the genome."""
    flags = [words.FLAGS.get(code, code) for code in row["flags"].split(";") if code]
    ends = (row["breakpoint_5prime"], row["breakpoint_3prime"])
    return {
        "fusion": row["fusion"],
        "kind": words.KINDS.get(row["kind"], row["kind"]),
        "reads": words.codes_in_words(row["reads"].replace(":", " ").replace(";", ", ")),
        "exons": _exons(row),
        "others": _other_junctions(row),
        "breakpoints": " / ".join(filter(None, ends)),
        "build": row["build"],
        "frame": _frame(row),
        "flags": "; ".join(flags),
        "place": words.place(row),
    }


def _exons(row: Row) -> str:
    """Exons on their transcripts; KMT2A's with its region and in the older numberings too."""
    notes = [
        row["region"],
        *(
            f"{row[column]} {numbering}"
            for column, numbering in (
                ("kmt2a_exon_nilson", "in the 37-exon numbering"),
                ("kmt2a_exon_legacy", "in that of the 1990s"),
            )
            if row.get(column)
        ),
    ]
    ends = []
    if row["kmt2a_exon"]:
        noted = ", ".join(filter(None, notes))
        ends.append(f"KMT2A {row['kmt2a_exon']} {row['kmt2a_transcript']} ({noted})")
    if row["partner_exon"]:
        gene = "KMT2A" if row["partner"] == "PTD" else row["partner"]
        ends.append(f"{gene} {row['partner_exon']} {row['partner_transcript']}")
    block = row.get("duplicated_exons", "")
    return "; ".join((*([f"exons {block} duplicated"] if block else []), *ends))


def _frame(row: Row) -> str:
    """The frame, what it rests on, and what the callers said where they do not agree."""
    frame, basis = row["reading_frame"], row.get("frame_basis", "")
    rests = {"phase": "by the exons' phases", "sequence": "by sequence", "caller": "as called"}
    text = f"{frame} ({rests[basis]})" if frame and basis in rests else frame
    if "frame_disagrees" not in row["flags"].split(";"):
        return text
    said = words.codes_in_words(row["caller_frames"].replace(":", " ").replace(";", ", "))
    return f"{text}; callers: {said}" if said else text


def _other_junctions(row: Row) -> str:
    """The junctions beside the leading one, with their callers."""
    others = row.get("isoforms", "").split(";")[1:]
    return words.codes_in_words(", ".join(others).replace(":", " ").replace("  ", "::"))
