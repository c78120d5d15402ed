"""What money obeys: payment codes, memos."""
