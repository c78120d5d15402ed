"""Long searches for what the parsers cannot bear; see each module's head."""
