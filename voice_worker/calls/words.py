"""What the bot says about itself in a call, aloud and in the text channel."""

from protege.text import Text

HELLO = {
    "asked": Text(
        "Hello. I hear only those who pressed “Listen to me”.",
        "Здравствуйте. Я слышу только тех, кто нажал «Слушать меня».",
    ),
    "everyone": Text(
        "Hello. On this server I hear everyone who speaks here.",
        "Здравствуйте. На этом сервере я слышу всех, кто здесь говорит.",
    ),
    "nobody": Text("Hello. I speak, but I do not listen.", "Здравствуйте. Я говорю, но не слушаю."),
}
NOTICE = {
    "asked": Text(
        "👂 I hear only those who press “Listen to me”; what they say becomes text and is answered "
        "as `/ask` is. {kept}",
        "👂 Я слышу только тех, кто нажмёт «Слушать меня»; сказанное становится текстом, и я "
        "отвечаю, как на `/ask`. {kept}",
    ),
    "everyone": Text(
        "👂 I hear **everyone** in this channel: whoever manages this server decided so. What is "
        "said becomes text and is answered as `/ask` is. {kept}",
        "👂 Я слышу **всех** в этом канале: так решил тот, кто управляет сервером. Сказанное "
        "становится текстом, и я отвечаю, как на `/ask`. {kept}",
    ),
    "nobody": Text(
        "🙉 I do not listen here (`/voice listen`); `/say` has me speak.",
        "🙉 Я здесь не слушаю (`/voice`); говорить вслух меня просит `/say`.",
    ),
}
KEPT = {
    "off": Text("Nothing of what I hear is kept.", "Из услышанного я ничего не сохраняю."),
    "text": Text(
        "I keep the text of what I hear; `/privacy` shows and deletes it.",
        "Текст услышанного я сохраняю; увидеть и удалить его можно через `/privacy`.",
    ),
    "sound": Text(
        "I keep the text **and the sound** of what I hear; `/privacy` shows and deletes them.",
        "Текст **и звук** услышанного я сохраняю; увидеть и удалить их можно через `/privacy`.",
    ),
}
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
NO_VOICE = Text(
    "⚠️ I cannot speak right now, so I write.", "⚠️ Говорить сейчас не получается, поэтому пишу."
)
