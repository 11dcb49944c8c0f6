"""A stand-in for Discord: as strict as the real one, on one machine, with its own signing key."""
