"""The catalogue: courses, their modules, and the activities inside them."""
