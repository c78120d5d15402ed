"""What a council, an invigilator and a candidate do to an exam."""
