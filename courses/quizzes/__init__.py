"""Quizzes: items put together, and the attempts that learners make at them."""
