"""What a timetable obeys: the problem, its judge, and what makes it impossible."""
