"""The rows of quizzes: what is asked, answered, and decided about it."""
