"""/status: how the bot is, for whoever runs it, and for who manages a server."""
