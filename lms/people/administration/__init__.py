"""Keeping accounts: finding them, their roles, posts, locks and password cards."""
