"""What a person's Discord client does in a voice channel, over the real protocol."""
