"""A card that is not there: an issuer, its documents, and a chip made of software.

For the demonstration and for tests.  Everything here is invented, says so in its names,
and is trusted only where somebody loads its own authority as an anchor.
"""
