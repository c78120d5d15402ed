"""The chip of an identity card: what its files say, and whether to believe them."""
