"""Realtime models: a websocket on the same port, text in, sound out."""
