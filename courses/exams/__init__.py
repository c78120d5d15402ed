"""Exams: a supervised sitting, from its plan to its appeals."""
