"""A running stand-in for OpenAI, and the official SDK pointed at it."""

from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from playground.openai import OpenAIServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OpenAIServer]:
    with OpenAIServer(tmp_path / "openai") as running:
        yield running


@pytest.fixture
def client(server: OpenAIServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(
        api_key="sk-test", base_url=server.base_url, max_retries=0, timeout=60
    ) as made:
        yield made
