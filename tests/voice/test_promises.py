"""What a voice worker that died had still to say."""

from pathlib import Path

from protege.storage.embedded import SqliteRecords
from protege.voice.orders import Order
from voice_worker.promises import KIND, Promises


def test_what_a_newer_version_promised_is_read_by_an_older_one(tmp_path: Path) -> None:
    records = SqliteRecords(tmp_path / "records.sqlite")
    order = Order("say", "77", text="Good evening", interaction="1")
    records.put(KIND, "1", {**order._asdict(), "loudness": 11})
    promises = Promises(records)
    assert promises.left() == [order]
    promises.keep(order)
    assert promises.left() == []
