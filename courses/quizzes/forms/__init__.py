"""What comes in on the pages of quizzes."""
