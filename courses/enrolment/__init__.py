"""Enrolment: who takes which course, how far they are, and what counts as done."""
