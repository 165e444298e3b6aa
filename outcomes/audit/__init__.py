"""Printed cells of a publication, held against what their own inputs allow."""
