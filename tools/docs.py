"""What is made of declarations: the README's tables and commands/table.py."""

import ast
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from protege import commands, config
from protege.commands.inventory import ACTIONS
from protege.commands.unknown import unknown
from protege.config import Config
from protege.ui.declare import Action
from protege.ui.guide import guide

README = Path(__file__).parent.parent / "README.md"
TABLE = Path(commands.__file__).parent / "table.py"
TABLE_HEAD = '''"""Where each action is declared. Made of inventory.py by `python -m tools.docs`."""

from protege.ui.lookup import Entry, Table

TABLE: Table = {
'''


def settings() -> Iterator[tuple[str, str, str]]:
    """(variable, default, description) of every setting, read from the source of config.py."""
    tree = ast.parse(Path(config.__file__).read_text())
    body = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Config").body
    for field, described in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            text = ast.literal_eval(described.value) if isinstance(described, ast.Expr) else ""
            default = Config._field_defaults.get(field.target.id, "")
            yield (
                field.target.id.upper(),
                f"`{default}`" if default != "" else "",
                " ".join(text.split()),
            )


def settings_table() -> str:
    """Every setting as a Markdown table."""
    rows = [f"| `{name}` | {default} | {about} |" for name, default, about in settings()]
    return "\n".join(["| variable | default | what it is |", "| --- | --- | --- |", *rows])


def renewed(readme: str) -> str:
    """The README with its tables made anew."""
    for name, table in (("commands", guide(ACTIONS)), ("settings", settings_table())):
        readme = between(readme, name, table)
    return readme


def between(text: str, name: str, content: str) -> str:
    """The text with what stands between `<!-- name:begin -->` and `<!-- name:end -->` replaced.

    Raises ValueError where there are no such markers.
    """
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"the text has no markers for {name}")
    return pattern.sub(lambda _: f"{begin}\n{content}\n{end}", text)


def table() -> str:
    """The source of commands/table.py."""
    return TABLE_HEAD + "".join(map(_entry, (*ACTIONS, unknown))) + "}\n"


def _entry(action: Action) -> str:
    module, handler = action.handler.__module__, action.handler.__name__
    about = f'"{module}", "{handler}", "{action.runs}", {int(action.needs)}, {action.private}'
    return f'    ("{action.surface}", "{action.name}"): Entry({about}),\n'


if __name__ == "__main__":
    TABLE.write_text(table())
    README.write_text(renewed(README.read_text()))
    sys.stdout.write(f"{TABLE}\n{README}\n")
