"""The application, its commands and its bot user.

Source: https://docs.discord.com/developers/resources/application
"""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from playground.discord.errors import ApiError, Faults
from playground.discord.interactions.ping import verified
from playground.discord.rest.asking import body, fields, need_application, need_bot, parts, watch

routes = Blueprint("applications", __name__)
watch(routes)
SETTABLE = ("description", "interactions_endpoint_url", "flags")


@routes.get("/users/@me")
def me() -> Response:
    """The bot's user."""
    need_bot()
    return jsonify({**parts().world.bot, "flags": 0, "mfa_enabled": False, "locale": "en-US"})


@routes.get("/applications/@me")
@routes.get("/oauth2/applications/@me")
def application() -> Response:
    """The application."""
    need_bot()
    return jsonify(_shown())


@routes.patch("/applications/@me")
def change_application() -> Response:
    """Set the endpoint: it is asked with a good and a forged signature before it is taken."""
    need_bot()
    world, wanted = parts().world, fields()
    url = wanted.get("interactions_endpoint_url")
    if url:
        _probe(url)
    with world.lock:
        world.application.update({k: wanted[k] for k in SETTABLE if k in wanted})
        world.save_application()
    return jsonify(_shown())


def _probe(url: str) -> None:
    if not verified(parts().world, parts().postman, url):
        faults = Faults()
        faults.add(
            "interactions_endpoint_url",
            "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID",
            "The specified interactions endpoint url could not be verified.",
        )
        faults.answer()


def _shown() -> dict[str, Any]:
    world = parts().world
    kept = ("id", "name", "description", "interactions_endpoint_url", "bot")
    return {
        **{name: world.application[name] for name in kept},
        "icon": None,
        "type": None,
        "verify_key": world.public_key,
        "flags": world.application["flags"],
        "flags_new": str(world.application["flags"]),
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "bot_public": True,
        "bot_require_code_grant": False,
        "tags": [],
        "redirect_uris": [],
        "rpc_origins": [],
        "owner": next(iter(world.users.values())),
        "team": None,
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "role_connections_verification_url": None,
        "explicit_content_filter": 0,
    }


@routes.get("/applications/<application>/commands")
@routes.get("/applications/<application>/guilds/<guild>/commands")
def commands(application: str, guild: str = "") -> Response:
    """What is registered; all languages only where they are asked for."""
    _need(application, guild)
    found = parts().catalogue.all(guild)
    if request.args.get("with_localizations") != "true":
        found = [
            {k: v for k, v in one.items() if not k.endswith("_localizations")} for one in found
        ]
    return jsonify(found)


@routes.put("/applications/<application>/commands")
@routes.put("/applications/<application>/guilds/<guild>/commands")
def replace_commands(application: str, guild: str = "") -> Response:
    """Register exactly these."""
    _need(application, guild)
    wanted = body()
    if not isinstance(wanted, list) or not all(isinstance(c, dict) for c in wanted):
        raise ApiError(400, 50109)
    return jsonify(parts().catalogue.replace(wanted, guild))


@routes.post("/applications/<application>/commands")
@routes.post("/applications/<application>/guilds/<guild>/commands")
def add_command(application: str, guild: str = "") -> tuple[Response, int]:
    """Register one."""
    _need(application, guild)
    return jsonify(parts().catalogue.add(fields(), guild)), 201


@routes.delete("/applications/<application>/commands/<command>")
@routes.delete("/applications/<application>/guilds/<guild>/commands/<command>")
def remove_command(application: str, command: str, guild: str = "") -> tuple[str, int]:
    """Remove one. Raises ApiError (10063)."""
    _need(application, guild)
    parts().catalogue.remove(command, guild)
    return "", 204


def _need(application: str, guild: str) -> None:
    need_application(application)
    if guild and guild not in parts().world.guilds:
        raise ApiError(403, 50001)
