"""One HTML file from a results folder: self-contained, readable offline, printable on A4."""

from __future__ import annotations

from workflows.report.page import render, render_patient

__all__ = ["render", "render_patient"]
