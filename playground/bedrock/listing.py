"""Pages of lists, as all of them are asked for."""

from playground.bedrock.errors import wrong
from playground.bedrock.store import shown
from playground.openai.store import Json

MOST = 1000


def page(rows: list[Json], wish: Json, key: str, fields: tuple[str, ...]) -> Json:
    """Rows newest first, unless `sortOrder` is Ascending. Raises AwsError."""
    part = wish.get("nameContains", "")
    kept = [row for row in rows if part in row["name"]]
    kept = kept[::-1] if wish.get("sortOrder") == "Ascending" else kept
    token, size = wish.get("nextToken", "0"), wish.get("maxResults", MOST)
    if not token.isdigit():
        raise wrong("The next token is not one of ours.")
    start = int(token)
    found: Json = {key: [shown(row, *fields) for row in kept[start : start + size]]}
    if start + size < len(kept):
        found["nextToken"] = str(start + size)
    return found
