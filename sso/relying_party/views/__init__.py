"""The doors to and from the provider, and the unit's queue."""
