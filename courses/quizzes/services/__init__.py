"""What is done with quizzes and attempts."""
