"""The pages of item banks."""
