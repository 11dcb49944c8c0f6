"""Parsers that read what strangers send, for a coverage-guided fuzzer and for its finds."""
