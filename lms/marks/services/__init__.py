"""What is done with marks, and what is read of them."""
