"""The part of Discord's REST API that a bot like ours calls, below /api/v10."""
