"""The demonstration district: courses from the plan's own text, invented people."""
