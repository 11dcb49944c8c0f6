"""Tell Discord which commands exist and where the endpoint is; ask it who we are."""

from protege.app import App
from protege.commands.inventory import ACTIONS
from protege.registrar.identity import identity
from protege.registrar.shelf import Registered, Shelf
from protege.ui.manifest import manifest


def register(app: App, guild: str = "", *, dry: bool = False) -> Registered:
    """Make the declared commands those of the application, or of it in one guild; only what
    changed is sent. `dry`: only say what would be.

    Raises Unavailable, ConfigError, and Gone for a guild that the application is not in; then
    the former commands are what they were.
    """
    application = app.config.discord_application_id or identity(app.discord).id
    return Shelf(app.discord, application, guild).become(manifest(ACTIONS), dry=dry)
