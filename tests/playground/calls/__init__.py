"""The page in voice channels: a browser on one side, voice clients on the other."""
