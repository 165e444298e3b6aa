"""The clinical table: its dictionary, its gate, and the cohort in memory."""
