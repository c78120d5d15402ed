"""What an exam obeys: seats, hours, states, answers, and the browser."""
