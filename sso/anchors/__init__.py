"""Whom the house believes: the authorities and revocation lists that it was given."""
