"""Proof of identity: who somebody is, and how we know."""
