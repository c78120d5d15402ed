"""Signing in through VNeID, real or mimicked: an answer, checked, opens an account."""
