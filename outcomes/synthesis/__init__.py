"""Printed margins of a publication to a synthetic cohort that meets them; nothing in it is data."""
