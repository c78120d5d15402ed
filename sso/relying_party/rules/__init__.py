"""What of a provider's answer may be believed, and whom it opens the door to."""
