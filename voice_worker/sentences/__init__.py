"""Text as it is written, made into sentences as they are spoken. Pure."""

from voice_worker.sentences.discord import Names
from voice_worker.sentences.languages import language_of
from voice_worker.sentences.phrases import rest_is_written
from voice_worker.sentences.speakable import spoken
from voice_worker.sentences.splitting import Sentences, cut

__all__ = ["Names", "Sentences", "cut", "language_of", "rest_is_written", "spoken"]
