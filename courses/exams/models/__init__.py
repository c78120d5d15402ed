"""Exams as rows: the plan, the papers, the sittings, and the answers."""
