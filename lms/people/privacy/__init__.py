"""What people consent to, what is held on them, and what they ask done with it."""
