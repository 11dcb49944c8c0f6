"""What can speak: offline, over the network, with weights. Each is loaded when it is chosen."""

from collections.abc import Callable
from pathlib import Path

from protege.config import Config, ConfigError
from protege.providers.ending import endings
from voice_worker.speaking.engines.openai import ENDS, Used, nobody
from voice_worker.speaking.manner import Engine

OPENAI = Config._field_defaults["openai_base_url"]
Secret = Callable[[str], str]


def engine(config: Config, secret: Secret, used: Used = nobody) -> Engine:
    """The engine that `TTS` names. `secret`: a secret by its setting's name; `used` is told of the
    model and the tokens (or letters) of every request that costs. Raises ConfigError.
    """
    return ENGINES[config.tts](config, secret, used)


def _espeak(config: Config, secret: Secret, used: Used) -> Engine:
    from voice_worker.speaking.engines.espeak import Espeak

    return Espeak()


def _gtts(config: Config, secret: Secret, used: Used) -> Engine:
    try:
        from voice_worker.speaking.engines.google import Google
    except ImportError:
        raise ConfigError("TTS=gtts needs the package gTTS: pip install gTTS") from None
    return Google()


def _openai(config: Config, secret: Secret, used: Used) -> Engine:
    """Another server that speaks OpenAI's API goes on with its models for as long as it likes."""
    from voice_worker.speaking.engines.openai.speech import Speech
    from voice_worker.speaking.engines.openai.succession import Succession, today

    speech = Speech(config, secret("openai_api_key"), used)
    if (
        speech.model not in ENDS
        or config.openai_base_url != Config._field_defaults["openai_base_url"]
    ):
        return speech
    endings([speech.model], ENDS.get, today())
    return Succession(speech, _realtime(config, secret, used))


def _realtime(config: Config, secret: Secret, used: Used) -> Engine:
    from voice_worker.speaking.engines.openai.realtime import Realtime

    return Realtime(config, secret("openai_api_key"), used)


def _piper(config: Config, secret: Secret, used: Used) -> Engine:
    from voice_worker.speaking.engines.piper import Piper

    return Piper(Path(config.tts_folder or config.data_dir))


ENGINES: dict[str, Callable[[Config, Secret, Used], Engine]] = {
    "espeak": _espeak,
    "gtts": _gtts,
    "openai": _openai,
    "realtime": _realtime,
    "piper": _piper,
}
