"""The pages of an exam."""
