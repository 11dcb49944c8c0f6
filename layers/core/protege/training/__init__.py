"""Training: jobs that survive, and the steps they are made of."""
