"""The bundled example: a synthetic cohort, real cell-line calls, and the script that made them."""
