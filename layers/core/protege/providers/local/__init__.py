"""The sentence model inside, without a network: the weights come with a Python package."""

from protege.providers.local.minilm import MiniLM
from protege.providers.local.rounded import MiniLMInt8
from protege.providers.local.weights import WrongWeights

__all__ = ["MiniLM", "MiniLMInt8", "WrongWeights"]
