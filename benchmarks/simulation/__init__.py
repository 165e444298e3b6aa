"""Simulated RNA-seq with KMT2A fusions whose truth is known, and the score of what is found."""
