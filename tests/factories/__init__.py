"""Build the people and things a test is about; every argument has a dull default."""
