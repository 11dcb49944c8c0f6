"""The actions as a table for the README."""

from collections.abc import Iterable

from protege.ui.declare import Action

HEAD = (
    "| command | what it does | что делает | who |",
    "| --- | --- | --- | --- |",
)
SHAPES = {
    "slash": "`/{0}{1}`",
    "message": "message menu “{0}”",
    "button": "button “{0}”",
    "modal": "form “{0}”",
}


def guide(actions: Iterable[Action]) -> str:
    """A Markdown table: every command and menu entry in both languages."""
    rows = [_row(action) for action in actions if action.surface in ("slash", "message")]
    return "\n".join([*HEAD, *rows])


def _row(action: Action) -> str:
    options = "".join(f" {p.name}" if p.required else f" [{p.name}]" for p in action.parameters)
    name = SHAPES[action.surface].format(action.title.en, options)
    who = "trainers" if action.needs else "everyone"
    return f"| {name} | {action.about.en} | {action.about.ru} | {who} |"
