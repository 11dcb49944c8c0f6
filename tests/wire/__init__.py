"""The stand-ins for model providers, asked by the official clients."""
