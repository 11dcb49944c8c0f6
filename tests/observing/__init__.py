"""What an operator sees: lines, numbers, traces."""
