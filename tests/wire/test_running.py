"""The stand-in as its own process, and for clients that sign as AWS wants it."""

import signal
import subprocess
import sys

import openai
import pytest
from openai.providers import bedrock


@pytest.mark.real
def test_it_runs_alone_until_it_is_told_to_end(tmp_path):
    command = [sys.executable, "-m", "playground.openai", "--port", "0", "--data", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        name, _, url = running.stdout.readline().strip().partition("=")
        assert name == "OPENAI_BASE_URL"
        with openai.OpenAI(api_key="any", base_url=url) as client:
            assert client.models.list().data
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 0


def test_the_sdks_bedrock_provider_talks_to_it_signed_or_with_a_token(server):
    at = server.bedrock_url
    signed = bedrock(base_url=at, region="us-east-1", access_key_id="AKIA", secret_access_key="x")
    for provider in (signed, bedrock(base_url=at, region="us-east-1", api_key="token")):
        with openai.OpenAI(provider=provider, max_retries=0) as client:
            said = client.responses.create(model="openai.gpt-6-luna", input="Hello?")
            assert said.output_text
            with client.responses.create(
                model="openai.gpt-6-luna", input="Hello?", stream=True
            ) as events:
                assert [event.type for event in events][-1] == "response.completed"
            with pytest.raises(openai.NotFoundError):
                client.responses.create(model="gpt-6-luna", input="Hello?")
