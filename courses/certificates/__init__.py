"""Certificates: proof of a completed course that a stranger can verify."""
