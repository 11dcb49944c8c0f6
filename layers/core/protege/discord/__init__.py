"""Discord's wire format and REST client; knows nothing of the bot."""
