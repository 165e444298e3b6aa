"""KMT2A fusions straight from sequencing reads, without an aligner or a genome."""
