"""Timetables: made, explained, changed, followed."""
