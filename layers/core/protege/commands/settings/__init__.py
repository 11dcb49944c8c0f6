"""/settings and what it shows."""
