"""The container that joins voice channels: hears, answers aloud, and leaves."""
