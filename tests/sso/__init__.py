"""Tests of proof of identity."""
