"""The pages of quizzes: for those who take them, and for those who write them."""
