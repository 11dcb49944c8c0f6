"""/model: versions of what the bot has learnt: seen, compared, activated, exported, deleted."""
