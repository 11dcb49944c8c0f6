"""`/moderations`: a short list of words decides."""

import re
from typing import Any

from flask import Blueprint, Response, jsonify

from playground.openai import checks
from playground.openai.asking import about, parts
from playground.openai.errors import invalid
from playground.openai.models import known
from playground.openai.store import Json, fresh

routes = Blueprint("moderations", __name__)
FIELDS: checks.Kinds = {"input": (str, list), "model": (str,)}
MODEL = "omni-moderation-latest"
WORDS = {
    "harassment": r"idiots?|morons?|shut up",
    "harassment/threatening": r"i will (hurt|find) you",
    "hate": r"subhumans?|vermin people",
    "hate/threatening": r"wipe (them|those people) out",
    "illicit": r"shoplift\w*|counterfeit money",
    "illicit/violent": r"(build|make) a bomb",
    "self-harm": r"self[- ]harm|cut myself",
    "self-harm/intent": r"i want to (die|kill myself)",
    "self-harm/instructions": r"how to (kill|cut) (myself|oneself)",
    "sexual": r"porn\w*|explicit sex",
    "sexual/minors": r"sexual\w* (child|minor)\w*",
    "violence": r"kill (you|him|her|them)|murder\w*",
    "violence/graphic": r"disembowel\w*|dismember\w*",
}
IMAGES = ("self-harm", "sexual", "violence")
"""Families that apply to pictures too."""


@routes.post("/moderations")
def create() -> Response:
    """A verdict for each text."""
    wish = checks.body(FIELDS, ("input",))
    model = known(wish.get("model") or MODEL, "moderation", parts().workshop.shelf)
    about(model)
    results = [verdict(text) for text in _texts(wish["input"])]
    return jsonify({"id": fresh("modr-"), "model": model, "results": results})


def verdict(text: str) -> Json:
    """Which categories a text falls into."""
    found = {name: bool(re.search(rf"\b({words})\b", text, re.I)) for name, words in WORDS.items()}
    return {
        "flagged": any(found.values()),
        "categories": found,
        "category_scores": {name: 0.97 if hit else 0.0001 for name, hit in found.items()},
        "category_applied_input_types": {name: _applied(name) for name in found},
    }


def _applied(name: str) -> list[str]:
    pictures = name.split("/")[0] in IMAGES and name != "sexual/minors"
    return ["text", "image"] if pictures else ["text"]


def _texts(given: Any) -> list[str]:
    if isinstance(given, str):
        return [given]
    if given and all(isinstance(it, str) for it in given):
        return list(given)
    if given and all(isinstance(it, dict) and it.get("type") == "text" for it in given):
        return ["\n".join(str(it.get("text", "")) for it in given)]
    raise invalid("'input' must be a text, texts, or objects of type 'text'.", "input")
