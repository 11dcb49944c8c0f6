"""The peers: functions for Lambda, each a file of its own."""
