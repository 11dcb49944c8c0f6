"""/test: its input, its report, its errors row by row."""
