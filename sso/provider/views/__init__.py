"""What the provider shows and answers: protocol endpoints, sign-in, the phone."""
