"""The lists of people that come in as Excel files."""
