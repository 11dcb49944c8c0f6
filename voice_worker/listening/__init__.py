"""From packets to words: streams, voice activity, utterances, transcription."""
