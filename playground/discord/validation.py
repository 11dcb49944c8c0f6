"""Every request of the bot against Discord's own API description, where that file is there."""

import copy
import json
import os
import re
import threading
from pathlib import Path
from typing import Any

Json = dict[str, Any]
FILE = "discord-openapi.json"
NEAR = Path(__file__).resolve().parents[2].parent / "shared" / FILE
ROOT = "urn:discord-openapi"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"


def description() -> Path | None:
    """Where the description is: PROTEGE_DISCORD_OPENAPI, or ../shared; None if nowhere."""
    named = os.environ.get("PROTEGE_DISCORD_OPENAPI")
    found = Path(named) if named else NEAR
    return found if found.is_file() else None


class Validation:
    """Compares bodies with the description; read at the first use, each part compiled once."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._api: Json = {}
        self._registry: Any = None
        self._compiled: dict[str, Any] = {}

    @property
    def on(self) -> bool:
        """Whether there is a description to compare with."""
        return self._path is not None

    def request(self, method: str, path: str, body: Any) -> str:
        """What is wrong with the body of a call to `path` (below /api/v10); "" if nothing."""
        if not self.on:
            return ""
        template = self._template(method, path)
        if template is None:
            return f"Discord has no {method} {path}"
        return self._compare(template, method, body)

    def callback(self, body: Any) -> str:
        """What is wrong with an answer to an interaction; "" if nothing."""
        return self._compare(CALLBACK, "POST", body) if self.on else ""

    def response(self, method: str, path: str, body: Any) -> str:
        """What is wrong with an answer of the stand-in itself; "" if nothing."""
        self._load()
        template = self._template(method, path)
        if template is None:
            return f"Discord has no {method} {path}"
        where = _pointer("paths", template, method.lower(), "responses", "200")
        return self._errors(f"{where}/content/application~1json/schema", body)

    def _compare(self, template: str, method: str, body: Any) -> str:
        self._load()
        operation = self._api["paths"][template][method.lower()]
        if "requestBody" not in operation:
            return "" if body is None else f"{method} {template} takes no body"
        where = _pointer("paths", template, method.lower(), "requestBody")
        return self._errors(f"{where}/content/application~1json/schema", _mended(body))

    def _errors(self, where: str, body: Any) -> str:
        from jsonschema.exceptions import best_match

        with self._lock:
            if where not in self._compiled:
                self._compiled[where] = self._compile(where)
        found = best_match(self._compiled[where].iter_errors(body))
        return "" if found is None else f"{found.json_path}: {found.message[:300]}"

    def _compile(self, where: str) -> Any:
        from jsonschema import Draft202012Validator

        return Draft202012Validator({"$ref": f"{ROOT}#{where}"}, registry=self._registry)

    def _load(self) -> None:
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        with self._lock:
            if self._api or self._path is None:
                return
            self._api = json.loads(self._path.read_text())
            whole = DRAFT202012.create_resource(self._api)
            self._registry = Registry().with_resource(ROOT, whole)

    def _template(self, method: str, path: str) -> str | None:
        self._load()
        fits = [
            template
            for template, operations in self._api["paths"].items()
            if method.lower() in operations and _pattern(template).fullmatch(path)
        ]
        return min(fits, key=lambda template: template.count("{"), default=None)


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]+\}", template)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))


def _pointer(*steps: str) -> str:
    found = [s.replace("~", "~0").replace("/", "~1") for s in steps]
    # Braces may not stand in a URI fragment as they are.
    return "".join(f"/{s}" for s in found).replace("{", "%7B").replace("}", "%7D")


def _mended(body: Any) -> Any:
    """The file's one known flaw: permissions are strings of digits, it wants numbers."""
    if not isinstance(body, (list, dict)):
        return body
    body = copy.deepcopy(body)
    for item in body if isinstance(body, list) else [body]:
        bits = item.get("default_member_permissions") if isinstance(item, dict) else None
        if isinstance(bits, str) and bits.isdigit():
            item["default_member_permissions"] = int(bits)
    return body
