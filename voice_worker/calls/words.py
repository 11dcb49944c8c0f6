"""What the bot says about itself in a call, aloud and in the text channel."""

from protege.text import Text

ALONE = Text(
    "\nNobody is there yet; I wait for a minute or so.", "\nТам пока никого нет; немного подожду."
)
LEFT = {
    "idle": Text(
        "👋 I left <#{channel}>: nobody spoke for a while. `/join` calls me back.",
        "👋 Я вышел из <#{channel}>: там давно никто не говорил. Позвать снова: `/join`.",
    ),
    "alone": Text(
        "👋 I left <#{channel}>: nobody was there any more. `/join` calls me back.",
        "👋 Я вышел из <#{channel}>: там никого не осталось. Позвать снова: `/join`.",
    ),
    "kicked": Text(
        "👋 I was sent out of <#{channel}>. `/join` calls me back.",
        "👋 Меня отключили от <#{channel}>. Позвать снова: `/join`.",
    ),
    "closed": Text("👋 My voice channel is gone.", "👋 Моего голосового канала больше нет."),
    "lost": Text(
        "⚠️ I lost the connection to <#{channel}> and did not get it back. Try `/join` again.",
        "⚠️ Связь с <#{channel}> потеряна, вернуть её не вышло. Попробуйте `/join` ещё раз.",
    ),
}
GOODBYE = Text("Goodbye.", "До свидания.")
NOT_UNDERSTOOD = Text(
    "⚠️ I cannot make out what is said right now: what recognises speech does not answer.",
    "⚠️ Сейчас я не разбираю речь: служба распознавания не отвечает.",
)
SLOWER = Text("Not so fast, please.", "Не так быстро, пожалуйста.")
NO_VOICE = Text(
    "⚠️ I cannot speak right now, so I write.", "⚠️ Говорить сейчас не получается, поэтому пишу."
)
