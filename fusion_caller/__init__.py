"""From the files of callers and laboratories to one integrated KMT2A result a patient."""
