"""Our signature is the one that botocore makes."""

from urllib.parse import quote

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials
from hypothesis import given
from hypothesis import strategies as st

from protege.storage.aws.signing import Credentials, Scope, Target, sign

printable = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)
values = st.text(st.sampled_from("ab Z09,;=/+:\"'~  "), min_size=1)
hosts = st.from_regex(r"[a-z0-9]{1,9}(\.[a-z0-9]{1,9}){0,3}(:[1-9][0-9]{3})?", fullmatch=True)
paths = st.lists(
    st.text(st.sampled_from("aZ09-._~%$&+,;=@é "), min_size=1).filter(
        lambda part: part not in (".", "..")
    ),
    max_size=3,
).map(lambda parts: "/" + "/".join(parts))


@given(
    host=hosts,
    path=paths,
    more=st.dictionaries(st.from_regex(r"x-amz-[a-c]{1,3}", fullmatch=True), values, max_size=3),
    body=st.binary(max_size=300),
    who=st.builds(Credentials, printable, printable, st.just("") | printable),
    region=st.from_regex(r"[a-z]{2}-[a-z]{3,9}-[1-9]", fullmatch=True),
    service=st.sampled_from(["sqs", "dynamodb"]),
)
def test_the_signature_equals_botocores(
    host: str,
    path: str,
    more: dict[str, str],
    body: bytes,
    who: Credentials,
    region: str,
    service: str,
) -> None:
    headers = {"content-type": "application/x-amz-json-1.0", **more}
    theirs = AWSRequest("POST", f"http://{host}{path}", headers=headers, data=body)
    boto = BotoCredentials(who.key, who.secret, who.token or None)
    SigV4Auth(boto, service, region).add_auth(theirs)
    scope = Scope(theirs.headers["X-Amz-Date"], region, service)
    ours = sign(Target(path), {"host": host, **headers}, body, who, scope)
    assert ours["authorization"] == theirs.headers["Authorization"]
    assert ours.get("x-amz-security-token") == theirs.headers.get("X-Amz-Security-Token")


@given(prefix=st.text(st.characters(exclude_categories=["Cs"]), max_size=20), host=hosts)
def test_the_signature_of_a_query_equals_botocores(prefix: str, host: str) -> None:
    query = f"delimiter=%2F&list-type=2&prefix={quote(prefix, safe='~')}"
    theirs = AWSRequest("GET", f"http://{host}/bucket?{query}", data=b"")
    theirs.context["payload_signing_enabled"] = True
    S3SigV4Auth(BotoCredentials("AKID", "secret", "token"), "s3", "eu-west-1").add_auth(theirs)
    scope = Scope(theirs.context["timestamp"], "eu-west-1", "s3")
    headers = {"host": host, "x-amz-content-sha256": theirs.headers["X-Amz-Content-SHA256"]}
    who = Credentials("AKID", "secret", "token")
    ours = sign(Target("/bucket", "GET", query), headers, b"", who, scope)
    assert ours["authorization"] == theirs.headers["Authorization"]


def test_the_signature_equals_the_one_in_awss_documents() -> None:
    """The case `post-vanilla` of the test suite that AWS publishes for version 4."""
    who = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "")
    scope = Scope("20150830T123600Z", "us-east-1", "service")
    signed = sign(Target("/"), {"host": "example.amazonaws.com"}, b"", who, scope)
    assert signed["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, "
        "Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    )


def test_secrets_do_not_show_in_what_is_printed() -> None:
    assert "hidden" not in repr(Credentials("AKID", "hidden", "hidden"))
