"""What is done with items and their banks."""
