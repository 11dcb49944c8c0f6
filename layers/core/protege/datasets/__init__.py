"""Training data as people hand it over, and the rows found in it."""
