"""What secrets and personal data look like, and how much of them is shown."""

import re
from collections.abc import Callable
from typing import NamedTuple

from protege.text import Text

DOTS = "•••"


class Leak(NamedTuple):
    """One kind of thing that should not be taught.

    `real`: whether a match is one. `mask`: a match as it may be shown.
    """

    kind: str
    what: Text
    pattern: re.Pattern[str]
    mask: Callable[[str], str]
    real: Callable[[str], bool] = bool


# ---- what counts as one --------------------------------------------------------------------------


def _has_digit(match: str) -> bool:
    return any(c.isdigit() for c in match)


def _is_mail(match: str) -> bool:
    return not re.search(r"@(?:[\w-]+\.)*example\.(?:com|org|net)$", match, re.IGNORECASE)


def _is_phone(match: str) -> bool:
    """International, Russian (+7 or 8, free 8-800 lines apart) or formatted North American."""
    digits = re.sub(r"\D", "", match)
    if match.startswith("+"):
        return 10 <= len(digits) <= 15 and digits[1:4] != "800"
    if len(digits) == 11 and digits[0] in "78":
        return digits[1] == "9" or (digits[1] in "348" and digits[1:4] != "800" and digits != match)
    return bool(re.fullmatch(r"(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}", match)) or bool(
        re.fullmatch(r"\(?9\d{2}\)?[ -]\d{3}[ -]\d{2}[ -]\d{2}", match)
    )


def _is_card(match: str) -> bool:
    """Right length for its issuer (ISO/IEC 7812 ranges) and a right Luhn digit."""
    digits = re.sub(r"\D", "", match)
    if not CARD_NUMBER(digits) or len(set(digits)) == 1:
        return False
    doubled = (int(d) * 2 if at % 2 else int(d) for at, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _is_password(match: str) -> bool:
    """With `=` anything goes; after a colon, as in prose, only what holds a digit."""
    sign, value = re.search(r"([:=])\s*[\"']?(.*)", match, re.DOTALL).groups()  # type: ignore[union-attr]
    return value[0] not in "<{[$*•." and (sign == "=" or _has_digit(value))


# ---- how it is shown -----------------------------------------------------------------------------


def _mail(match: str) -> str:
    name, _, host = match.partition("@")
    return f"{name[0]}{DOTS}@{host[0]}{DOTS}"


def _ends(match: str) -> str:
    digits = re.sub(r"\D", "", match)
    return f"{DOTS}{digits[-2:]}"


def _start(match: str) -> str:
    return f"{match[:4]}{DOTS}"


def _named(match: str) -> str:
    return re.sub(r"([:=]\s*).*", rf"\1{DOTS}", match, flags=re.DOTALL)


def _block(match: str) -> str:
    return f"{match.split(chr(10), 1)[0][:40].rstrip('-')}-----{DOTS}"


def _word(match: str) -> str:
    return f"{match.split()[0]} {DOTS}"


CARD_NUMBER = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|2\d\d|5\d\d)\d{12}"
).fullmatch
TOKEN = Text("a secret key or token", "секретный ключ или токен")
ACCESS = Text("an access token", "токен доступа")
TOKENS = (
    Leak(
        "secret",
        Text("a private key", "закрытый ключ"),
        re.compile(
            r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]+-----|[\s\S]*)"
        ),
        _block,
    ),
    Leak(
        "secret",
        TOKEN,
        re.compile(
            r"(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{20,}|[sr]k_live_[A-Za-z0-9]{16,}"
            r"|(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])|gh[pousr]_[A-Za-z0-9]{36,}"
            r"|github_pat_[A-Za-z0-9_]{22,}|glpat-[A-Za-z0-9_-]{20,}|xox[abeoprs]-[A-Za-z0-9-]{20,}"
            r"|AIza[A-Za-z0-9_-]{35}|hf_[A-Za-z0-9]{30,})"
        ),
        _start,
        _has_digit,
    ),
    Leak(
        "secret",
        Text("a Discord bot token", "токен бота Discord"),
        re.compile(r"[MNO](?<![\w-].)[\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}", re.ASCII),
        _start,
    ),
    Leak(
        "secret",
        ACCESS,
        re.compile(r"eyJ(?<![\w-]...)[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{5,}", re.ASCII),
        _start,
    ),
    Leak(
        "secret",
        ACCESS,
        re.compile(r"\bbearer\s+[\w.~+/=-]{20,}", re.ASCII | re.IGNORECASE),
        _word,
        _has_digit,
    ),
    Leak(
        "secret",
        Text("a Telegram bot token", "токен бота Telegram"),
        re.compile(r"(?<!\d)\d{8,10}:AA[\w-]{33}(?![\w-])", re.ASCII),
        _start,
    ),
)
PASSWORD = Leak(
    "secret",
    Text("a password", "пароль"),
    re.compile(
        r"(?<![^\W_])(?:password|passwd|pwd|пароль|secret|api[_-]?key|token|токен)"
        r"\s{0,3}[:=]\s{0,3}[\"']?[^\s\"',;]{4,}",
        re.IGNORECASE,
    ),
    _named,
    _is_password,
)
CARD = Leak(
    "secret",
    Text("a bank card's number", "номер банковской карты"),
    re.compile(r"(?<![\d.,])\d(?:[ \xa0-]?\d){12,18}(?!\d)"),
    _ends,
    _is_card,
)
MAIL = Leak(
    "personal",
    Text("an e-mail address", "адрес почты"),
    re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,5}"),
    _mail,
    _is_mail,
)
PHONE = Leak(
    "personal",
    Text("a phone number", "номер телефона"),
    re.compile(r"(?<![\w.,/+-])(?:\+|\()?\d(?:[ \xa0().‑–-]{0,3}\d){9,14}(?![\w])"),
    _ends,
    _is_phone,
)
