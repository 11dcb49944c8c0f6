"""Commands, buttons and forms: one file each. inventory.py shows them all on one screen."""
