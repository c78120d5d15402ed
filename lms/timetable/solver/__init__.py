"""The generator: annealing for quality, constraint programming for proof."""
