"""Looking for a further message that may be out already, where much is written meanwhile."""

import json

from protege.app import App
from protege.discord.rest import Discord
from protege.errors import Unavailable
from tests.recorder import Recorder

FULL = 100
"""Messages of a whole page."""


def page(discord: Recorder, after: int, content: str, application: str, count: int = FULL) -> None:
    """What the channel shows behind that message."""
    found = [
        {"id": str(after + n), "content": content, "application_id": application}
        for n in range(count, 0, -1)
    ]
    path = f"/channels/88/messages?after={after}&limit={FULL}"
    discord.files[path] = json.dumps(found).encode()


def test_ours_is_found_behind_a_page_of_others(app: App, discord: Recorder) -> None:
    page(discord, 1, "second half", "somebody else's")
    page(discord, 101, "second half", app.config.discord_application_id, count=1)
    assert app.discord.posted("88", "second half", after="1") == "102"


def test_where_it_is_not_the_search_ends_with_the_last_page(app: App, discord: Recorder) -> None:
    page(discord, 1, "another answer", app.config.discord_application_id)
    page(discord, 101, "another answer", app.config.discord_application_id, count=3)
    assert app.discord.posted("88", "second half", after="1") == ""


def test_where_the_token_cannot_be_read_nothing_is_found_and_nothing_fails() -> None:
    def token(refused: str) -> str:
        raise Unavailable("SSM")

    assert Discord("http://127.0.0.1:9", "1", token).posted("88", "x", after="1") == ""
