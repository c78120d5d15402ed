"""Formulas as other programs keep them, turned into LaTeX."""
