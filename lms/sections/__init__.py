"""The school's registry: years, classes, pupils, who teaches what from when to when."""
