"""What is done with question files: bringing in, taking out."""
