"""Units: the organisation tree, as data."""
