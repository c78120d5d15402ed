"""The check-in station: a program of its own that carries bytes from card to server.

It decides nothing and keeps nothing.  See ``docs/station.md`` for what it says to the
server.
"""
