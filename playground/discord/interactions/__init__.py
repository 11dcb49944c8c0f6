"""From what a person does to what the bot is sent, and from its answer to what they see."""
