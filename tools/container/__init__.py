"""The voice worker's image: built, run beside a stand-in Discord, and checked from outside."""
