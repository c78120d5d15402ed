"""What the provider may answer: levels, steps, lockout, fields.  All of it is pure."""
