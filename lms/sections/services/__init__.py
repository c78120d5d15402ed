"""The registry's acts and readings, by what they are about."""
