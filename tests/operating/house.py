"""What tests put into a bot, and how they compare two of them."""

from tools.keeping.places import Place
from tools.keeping.rows import Row


def held(place: Place) -> tuple[set[str], dict[str, bytes]]:
    """Every record as a line, and every file."""
    rows = {row.line() for row in place.rows() if row.moves}
    return rows, {key: place.files.read(key) for key in place.files.names("guilds/")}


def settled(place: Place, *guilds: str) -> None:
    """Some records and files of some servers."""
    for guild in guilds:
        rows = [
            Row(f"lesson#{guild}", f"{n:04}", n + 1, None, {"input": "ключ", "n": n})
            for n in range(30)
        ]
        expiring = Row(f"answer#{guild}", "1", 2, 4_000_000_000.25, {"text": "a\ud800b"})
        place.put([*rows, expiring, Row("settings", guild, 7, None, {"who": "all"})])
        place.files.write(f"guilds/{guild}/a", b"one")
        place.files.write(f"guilds/{guild}/a/b ü%.bin", bytes(range(256)) * 5000)
        place.files.write(f"guilds/{guild}/empty", b"")
