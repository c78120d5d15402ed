"""Timetable files of other programs, one module each."""
