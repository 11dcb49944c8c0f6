"""How many tokens a text is for a language model: an estimate from its characters."""

LATIN, OTHER = 4.2, 3.2
"""Characters a token. Counted with OpenAI's o200k_base on 19,000 characters of this bot's own texts
and of questions and answers in both languages: English 3.8 to 4.9, Russian without spaces and signs
2.9 to 3.6; so one text may be off by a fifth. Older vocabularies (cl100k_base) need half as many
again for Russian.
"""


def tokens(text: str) -> float:
    """Estimated number of tokens; not whole, because it is summed over many texts."""
    if text.isascii():
        return len(text) / LATIN
    extra = len(text.encode("utf-8", "surrogatepass")) - len(text)
    return max(0, len(text) - extra) / LATIN + extra / OTHER
