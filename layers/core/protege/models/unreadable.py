"""Versions that are there and cannot answer, and why."""

from protege.errors import UserError
from protege.text import Text

OTHER_EMBEDDER = Text(
    "Version **v{version}** was made with the embedder `{made}`, but `{now}` is configured now, "
    "and the two cannot be compared. Train again with `/train` and everything taught is rebuilt, "
    "or let the operator set the former embedder.",
    "Версия **v{version}** сделана с эмбеддером `{made}`, а сейчас настроен `{now}`, и сравнивать "
    "их нельзя. Обучите заново командой `/train` — всё выученное пересчитается, — или пусть "
    "владелец бота вернёт прежний эмбеддер.",
)
NEWER = Text(
    "Version **v{version}** was made by a newer release of me than the one that runs now, and I "
    "cannot read it. `/model activate` another version, or let the operator upgrade me again.",
    "Версию **v{version}** сделал мой более новый выпуск, чем тот, что работает сейчас, и "
    "прочесть её я не могу. Выберите другую: `/model activate`, — или пусть владелец бота снова "
    "меня обновит.",
)


class OtherEmbedder(UserError):
    """A version's vectors cannot be compared with what the configured embedder makes."""


class Unreadable(UserError):
    """A version's files are in a format that only newer code knows."""
