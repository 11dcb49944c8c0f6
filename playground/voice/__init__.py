"""The stand-in's voice side: the gateway, the rooms, people who speak."""
