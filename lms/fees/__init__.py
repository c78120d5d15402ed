"""Fees: what a family owes, why, and that it was paid."""
