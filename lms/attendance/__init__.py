"""Attendance: who was there, who was excused, and whom the school writes to."""
