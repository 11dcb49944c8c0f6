"""One contract, several implementations; and what only each of them can show."""
