"""What the voice worker costs and how fast it is, beside the library's own FFmpeg playback."""
