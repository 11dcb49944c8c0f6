"""Records in DynamoDB, over boto3."""

import time
from collections.abc import Callable
from typing import Any

from protege.storage.aws.clients import asking
from protege.storage.aws.clients import client as connect
from protege.storage.aws.items import ItemRecords


class DynamoRecords(ItemRecords):
    """JSON documents under (kind, id); see `items`."""

    def __init__(
        self, table: str, client: Any = None, now: Callable[[], float] = time.time
    ) -> None:
        super().__init__(asking(client or connect("dynamodb")), table, now)
