"""What is told of an order."""

from protege.config import ConfigError
from protege.discord.reply import Reply
from protege.text import Text
from protege.voice.orders import Order
from voice_worker.answering import DOWN
from voice_worker.calls import notice
from voice_worker.calls.call import Call
from voice_worker.calls.words import ALONE
from voice_worker.line import ChannelFull, JoinFailed, LineError, NoPermission, NoSuchChannel
from voice_worker.speaking import Said

HERE = Text("🎧 I am in <#{channel}>.{alone}\n", "🎧 Я в <#{channel}>.{alone}\n")
BYE = Text("👋 I left the voice channel.", "👋 Я вышел из голосового канала.")
ELSEWHERE = Text(
    "🎧 I am with people in <#{channel}>. Who sits there with me, or may move members, can send me "
    "about.",
    "🎧 Я с людьми в <#{channel}>. Распоряжаться мной может тот, кто сидит там со мной, или кто "
    "вправе перемещать участников.",
)
NOT_WITH_ME = Text(
    "🎧 I read aloud for those who sit with me in <#{channel}>. Come in and ask again.",
    "🎧 Вслух я читаю для тех, кто сидит со мной в <#{channel}>. Заходите и попросите снова.",
)
MUCH_TO_SAY = Text(
    "🔊 I have enough to say already. Please ask again when I have said it.",
    "🔊 Мне уже есть что сказать. Попросите снова, когда я договорю.",
)
SAID = Text("> 🔊 {said}", "> 🔊 {said}")
CUT = Text(
    "> 🔇 {said}\n(Somebody interrupted me, or I was sent out.)",
    "> 🔇 {said}\n(Меня перебили или отключили.)",
)
BROKEN_OFF = Text(
    "> 🔇 {said}\n(I was broken off in the middle of it. Please ask again.)",
    "> 🔇 {said}\n(Меня прервало на полуслове. Попросите, пожалуйста, снова.)",
)
MUTE = Text("⚠️ I cannot speak right now ({why}).", "⚠️ Сейчас не могу говорить ({why}).")
EXPIRED = Text(
    "⌛ I only now got to this, {minutes} minutes late, so I leave it. Please ask again.",
    "⌛ Дошло до меня только сейчас, спустя {minutes} мин., поэтому оставлю это. Повторите, если "
    "ещё нужно.",
)
MAY_NOT = Text(
    "⚠️ I may not enter <#{channel}>: I lack {missing}.",
    "⚠️ Мне нельзя в <#{channel}>: не хватает прав: {missing}.",
)
RIGHTS = {
    "view": Text("“View Channel”", "«Просматривать канал»"),
    "connect": Text("“Connect”", "«Подключаться»"),
    "speak": Text("“Speak”", "«Говорить»"),
}
FULL = Text(
    "⚠️ <#{channel}> is full ({limit}). I come as soon as you make room and call again.",
    "⚠️ <#{channel}> заполнен ({limit}). Освободите место и позовите снова.",
)
NO_CHANNEL = Text("⚠️ That voice channel is gone.", "⚠️ Этого голосового канала больше нет.")
NOT_LET_IN = Text(
    "⚠️ Discord did not let me into <#{channel}>. Please try again in a minute.",
    "⚠️ Discord не пустил меня в <#{channel}>. Попробуйте через минуту ещё раз.",
)


def outcome(said: Said) -> Text:
    """What became of a text that was to be read aloud."""
    return SAID if said.whole else CUT


def mute(order: Order, error: Exception) -> str:
    """Why it could not be read at all."""
    if isinstance(error, ConfigError):  # names a setting, which is no secret
        return MUTE.to(order.locale, why=error)
    return DOWN.to(order.locale)


def here(order: Order, call: Call) -> Reply:
    """That it came, and whom it hears."""
    alone = "" if call.link.people else ALONE.to(order.locale)
    said = HERE.to(order.locale, channel=call.link.channel, alone=alone)
    return notice.written(call.known.rules, order.locale, head=said)


def refused(error: LineError, order: Order) -> Reply:
    """Why it could not come."""
    to, channel = order.locale, order.voice_channel
    match error:
        case NoPermission():
            missing = ", ".join(RIGHTS[right].to(to) for right in error.missing)
            return Reply(MAY_NOT.to(to, channel=channel, missing=missing))
        case ChannelFull():
            return Reply(FULL.to(to, channel=channel, limit=error.limit))
        case NoSuchChannel():
            return Reply(NO_CHANNEL.to(to))
        case JoinFailed() | _:
            return Reply(NOT_LET_IN.to(to, channel=channel))
