"""The link by which the bot is invited, with no more permissions than it needs.

Source: https://docs.discord.com/developers/topics/oauth2#bot-authorization-flow
"""

from urllib.parse import urlencode

PERMISSIONS = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,  # announcements, answers to mentions
    "Embed Links": 1 << 14,
    "Attach Files": 1 << 15,  # pictures of trainings, exports
    "Read Message History": 1 << 16,  # replies
    "Send Messages in Threads": 1 << 38,
}
"""Source: https://docs.discord.com/developers/topics/permissions"""
VOICE = {"Connect": 1 << 20, "Speak": 1 << 21}
SCOPES = "bot applications.commands"


def invitation(application: str, *, voice: bool = True) -> str:
    """The address of the page that asks which server to add the bot to."""
    bits = sum({**PERMISSIONS, **(VOICE if voice else {})}.values())
    asked = {"client_id": application, "scope": SCOPES, "permissions": str(bits)}
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"
