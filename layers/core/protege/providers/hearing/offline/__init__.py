"""Speech recognised on this machine, without network, key or further weights (PocketSphinx)."""

from protege.providers.hearing.offline.transcriber import OfflineTranscriber

__all__ = ["OfflineTranscriber"]
