"""Voice channels: coming, going, speaking aloud, and who is heard."""
