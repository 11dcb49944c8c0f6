"""A stand-in for OpenAI's API on this machine, which really trains: files, jobs, answers.

What it is asked is checked as the real one checks it; what it answers parses with the official
SDK. Its language model is small (see `speech`), its training is a head over sentence embeddings.
"""

from playground.openai.server import OpenAIServer
from playground.openai.webhooks import Webhook, fresh_secret

__all__ = ["OpenAIServer", "Webhook", "fresh_secret"]
