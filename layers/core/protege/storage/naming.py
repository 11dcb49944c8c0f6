"""How a download is named, in words that every browser and no attacker can use."""

from urllib.parse import quote

LONGEST = 150


def attachment(name: str) -> str:
    """A Content-Disposition header that saves the file under a name, whatever letters it has.

    RFC 6266 with the extended notation of RFC 5987; what is no plain ASCII becomes `_` in the
    short form. Slashes and control characters never pass: the name cannot leave its folder nor end
    the header.
    """
    plain = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in name)
    safe = plain.strip(" .")[-LONGEST:] or "file"
    short = "".join(c if c.isascii() and c != "%" else "_" for c in safe)
    return f"attachment; filename=\"{short}\"; filename*=UTF-8''{quote(safe, safe='')}"
