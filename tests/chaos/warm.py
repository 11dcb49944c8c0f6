"""What is loaded once, before workers are copied: see `mortal.context`."""

from tests.chaos.house import embedder

embedder()
