"""Where it runs: here, in a thread, on an ipyparallel engine."""
