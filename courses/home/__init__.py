"""A person's day: what to do next, for every role."""
