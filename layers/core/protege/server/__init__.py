"""The whole bot on one machine: the endpoint and the worker over embedded storage."""
