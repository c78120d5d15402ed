"""Requests to sign in, the link between identities and accounts, and its end."""
