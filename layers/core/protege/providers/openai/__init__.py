"""OpenAI's API, or any server that speaks it at another base URL, through OpenAI's SDK.

Importing a module in here takes a second: the SDK is large.
"""
