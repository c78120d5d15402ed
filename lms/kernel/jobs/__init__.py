"""Work that outlives a request: a table of jobs, and the engines that drain it."""
