"""Figures in the form of a journal."""
