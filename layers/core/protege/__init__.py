"""Protégé: a Discord bot that a community teaches."""
