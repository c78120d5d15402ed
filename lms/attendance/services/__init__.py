"""Registers, excuses and notices, by what they are about."""
