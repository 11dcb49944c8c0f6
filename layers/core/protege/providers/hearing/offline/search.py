"""PocketSphinx: one decoder and what it searches for."""

import math
from collections.abc import Collection, Sequence
from typing import Any

from pocketsphinx import Decoder, get_model_path

from protege.providers.hearing import HEARD_HZ
from protege.providers.hearing.offline.sounding import pronounced, variants
from protege.providers.hearing.offline.verdict import Found

PHONES = "en-us/en-us-phone.lm.bin"
LOOP = {"lw": 2.0, "beam": 1e-20, "pbeam": 1e-20}
"""As PocketSphinx' documentation recommends for phones: https://cmusphinx.github.io/wiki/phonemerecognition/"""
SCALE = 1024
"""Scores of paths are given divided by it (SENSCR_SHIFT)."""
LEAST = 1e-320
PRIOR_FRAMES = 500
"""Weight that the decoder gives to a mean that is set (CMN_WIN)."""
SILENT = ("<s>", "</s>", "<sil>", "SIL", "(NULL)")
Mean = str


class Search:
    """A decoder in use by one utterance at a time."""

    def __init__(self, **settings: Any) -> None:
        common = {"loglevel": "FATAL", "samprate": HEARD_HZ, "compallsen": True}
        self._decoder = Decoder(**{**common, **settings})
        self._plain: Mean = self._decoder.get_cmn()
        self._open = False

    def start(self, mean: Mean) -> None:
        """Expect an utterance whose cepstra have this mean."""
        self.stop()
        self._decoder.set_cmn(mean)
        self._decoder.start_utt()
        self._open = True

    def feed(self, pcm: bytes) -> None:
        """Further sound."""
        if pcm:
            self._decoder.process_raw(pcm, False, False)

    def stop(self) -> None:
        """End the utterance: what was found by then is looked through once more (0.1 s for 2 s)."""
        if self._open:
            self._decoder.end_utt()
            self._open = False

    def found(self) -> Found:
        """The best path through what was fed."""
        best = self._decoder.hyp()
        if best is None:
            return Found()
        return _found(best, list(self._decoder.seg()), self._decoder.n_frames())


class Free(Search):
    """English as such: 30 % of a core while somebody speaks."""


class Phones(Search):
    """A loop of all phones, which fits whatever is said."""

    def __init__(self) -> None:
        super().__init__(lm=None, allphone=get_model_path(PHONES), **LOOP)


class Hints(Search):
    """Whole sentences and nothing else: 6 % of a core for 30 of them."""

    def __init__(self) -> None:
        super().__init__(lm=None)
        self._known: frozenset[tuple[str, ...]] = frozenset()
        self._name = ""
        self._expect("mean", [("a",)])

    def expect(self, sentences: Collection[tuple[str, ...]], language: str) -> None:
        """The sentences, as words; those with a word of unknown sound are left out."""
        known = frozenset(sentences)
        if known == self._known:
            return
        self.stop()
        self._learn({word for sentence in known for word in sentence}, language)
        can = [one for one in sorted(known) if all(map(self._decoder.lookup_word, one))]
        self._expect("hints", can)
        self._known = known

    def mean(self, pcm: bytes) -> Mean:
        """Mean of the cepstra of some sound, without which loudness, microphone and voice mislead.

        The decoder would find it out by itself in five seconds; most questions are shorter. 10 ms.
        """
        self.stop()
        self._decoder.activate_search("mean")
        super().start(self._plain)
        self.feed(pcm)
        frames, mixed = self._decoder.n_frames(), self._decoder.get_cmn(True)
        self.stop()
        return _unmixed(mixed, self._plain, frames)

    def start(self, mean: Mean) -> None:
        """Expect one of the sentences."""
        self.stop()
        self._decoder.activate_search("hints")
        super().start(mean)

    def _learn(self, words: Collection[str], language: str) -> None:
        new = sorted(word for word in words if self._decoder.lookup_word(word) is None)
        for word, phones in pronounced(new, language).items():
            ways = variants(phones, foreign=not language.startswith("en"))
            for nr, way in enumerate(ways, 1):
                self._decoder.add_word(word if nr == 1 else f"{word}({nr})", way, False)

    def _expect(self, name: str, sentences: Sequence[tuple[str, ...]]) -> None:
        if name == self._name:
            self._decoder.activate_search("mean")  # what is active cannot be replaced
            self._decoder.remove_search(name)
        arcs = _trie(sentences or [("a",)])
        self._decoder.add_fsg(name, self._decoder.create_fsg(name, 0, 1, arcs))
        self._decoder.activate_search(name)
        self._name = name


def _trie(sentences: Sequence[tuple[str, ...]]) -> list[tuple[int, int, float, str]]:
    """Arcs of a tree of words from state 0 to state 1, beginnings shared."""
    nodes: dict[tuple[str, ...], int] = {(): 0}
    arcs: dict[tuple[int, int, str], None] = {}
    for sentence in sentences:
        for at, word in enumerate(sentence):
            here, last = nodes[sentence[:at]], at == len(sentence) - 1
            there = 1 if last else nodes.setdefault(sentence[: at + 1], len(nodes) + 1)
            arcs[here, there, word] = None
    return [(here, there, 1.0, word) for here, there, word in arcs]


def _found(best: Any, segments: Sequence[Any], frames: int) -> Found:
    spoken = [it for it in segments if it.word not in SILENT and it.word[0] != "["]
    filler = sum(map(_length, (it for it in segments if it.word[0] == "[")))
    said = sum(map(_length, spoken))
    fit = sum(math.log(max(it.ascore, LEAST)) for it in spoken) / max(said, 1)
    sure = sum(math.log(max(it.prob, LEAST)) for it in spoken) / max(len(spoken), 1)
    score = SCALE * math.log(max(best.score, LEAST))
    return Found(best.hypstr, score, max(frames, 1), said, filler, fit, math.exp(sure))


def _length(segment: Any) -> int:
    return int(segment.end_frame - segment.start_frame + 1)


def _unmixed(mixed: Mean, prior: Mean, frames: int) -> Mean:
    """The mean of `frames` frames alone, where the decoder has mixed its prior into it."""
    pairs = zip(_numbers(mixed), _numbers(prior), strict=True)
    weight = PRIOR_FRAMES / max(frames, 1)
    return ",".join(f"{now + (now - before) * weight:.4f}" for now, before in pairs)


def _numbers(mean: Mean) -> list[float]:
    return [float(number) for number in mean.split(",")]
