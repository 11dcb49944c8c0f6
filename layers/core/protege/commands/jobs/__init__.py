"""/jobs, and the buttons of a job's messages."""
