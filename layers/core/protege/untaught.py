"""What is said where nothing was taught: providers say it, commands must know it again."""

from protege.text import Text

NOT_TAUGHT = Text(
    "I have not been taught that yet. Press “Correct this answer” and teach me.",
    "Этому меня ещё не учили. Нажмите «Исправить ответ» и научите меня.",
)
