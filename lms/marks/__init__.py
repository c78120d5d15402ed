"""Marks: what the circulars make of them, the sheets they are kept in, report cards."""
