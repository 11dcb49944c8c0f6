"""What people are told of who is heard and what is kept: aloud, and in the text channel."""

from protege.commands.voice.consent import kept, listen_to_me
from protege.discord.reply import Button, Reply
from protege.text import Text
from protege.voice.rules import VoiceRules

HELLO = Text("Hello. {hears} {keeps}", "Здравствуйте. {hears} {keeps}")
CHANGED = Text("The rules have changed. {hears} {keeps}", "Правила изменились. {hears} {keeps}")
HEARS = {
    "asked": Text(
        "I hear only those who pressed “Listen to me”.",
        "Я слышу только тех, кто нажал «Слушать меня».",
    ),
    "everyone": Text(
        "On this server I hear everyone who speaks here.",
        "На этом сервере я слышу всех, кто здесь говорит.",
    ),
    "nobody": Text("I speak, but I do not listen.", "Я говорю, но не слушаю."),
}
KEEPS = {
    "off": Text("", ""),
    "text": Text("What I hear is kept as text.", "Услышанное сохраняется как текст."),
    "sound": Text(
        "What I hear is kept, text and sound.", "Услышанное сохраняется: и текст, и звук."
    ),
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
AGREE = Text(
    " Of those who let me hear them before, I keep it once they press “Listen to me” again.",
    " Сказанное теми, кто разрешил себя слушать раньше, я сохраняю, только если они снова нажмут "
    "«Слушать меня».",
)


def aloud(rules: VoiceRules, language: str, *, anew: bool = False) -> str:
    """`anew`: the rules changed meanwhile."""
    keeps = KEEPS["off" if rules.listens == "nobody" else rules.keep]
    return (CHANGED if anew else HELLO).to(language, hears=HEARS[rules.listens], keeps=keeps)


def written(rules: VoiceRules, locale: str, *, head: str = "") -> Reply:
    """With the button where it is up to each. `head`: what stands above it."""
    said = head + NOTICE[rules.listens].to(locale, kept=kept(rules))
    if rules.listens != "asked":
        return Reply(said)
    if rules.keep != "off":
        said += AGREE.to(locale)
    return Reply(said, (Button(listen_to_me.route(), listen_to_me.title.to(locale), "👂"),))
