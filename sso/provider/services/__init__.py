"""What the provider remembers: persons, clients, sessions, codes, keys."""
