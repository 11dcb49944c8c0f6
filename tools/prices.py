"""What AWS asks, in dollars: Linux on arm64 in us-east-1. Other regions ask up to a quarter more.

Taxes, savings plans and the credits of new accounts are left out.
"""

from typing import NamedTuple

SEEN = "2026-11-21"
"""When these were looked up."""


class Price(NamedTuple):
    """`usd` for one `unit`. `free`: units a month that an account never pays for."""

    usd: float
    unit: str
    source: str
    free: float = 0.0


_CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/"
_DYNAMODB = "https://aws.amazon.com/dynamodb/pricing/on-demand/"
_FARGATE = "https://aws.amazon.com/fargate/pricing/"
_LAMBDA = "https://aws.amazon.com/lambda/pricing/"
_S3 = "https://aws.amazon.com/s3/pricing/"

PRICES = {
    "api": Price(1.00e-6, "request", "https://aws.amazon.com/api-gateway/pricing/"),
    "calls": Price(0.20e-6, "invocation", _LAMBDA, 1e6),
    "compute": Price(0.0000133334, "GB-second", _LAMBDA, 400_000),
    "sqs": Price(0.40e-6, "request", "https://aws.amazon.com/sqs/pricing/", 1e6),
    "reads": Price(0.125e-6, "read unit", _DYNAMODB),
    "writes": Price(0.625e-6, "write unit", _DYNAMODB),
    "records": Price(0.25, "GB-month", _DYNAMODB, 25),
    "recovery": Price(0.20, "GB-month of point-in-time recovery", _DYNAMODB),
    "files": Price(0.023, "GB-month", _S3),
    "gets": Price(0.4e-6, "request", _S3),
    "logs": Price(0.50, "GB taken in", _CLOUDWATCH, 5),
    "metrics": Price(0.30, "metric-month, by the hour in which it is sent", _CLOUDWATCH, 10),
    "alarms": Price(0.10, "alarm-metric-month", _CLOUDWATCH, 10),
    "dashboards": Price(3.00, "dashboard-month", _CLOUDWATCH, 3),
    "traces": Price(5.00e-6, "trace", "https://aws.amazon.com/xray/pricing/", 100_000),
    "kms": Price(0.03e-4, "request", "https://aws.amazon.com/kms/pricing/", 20_000),
    "vcpu": Price(0.03238, "vCPU-hour", _FARGATE),
    "memory": Price(0.00356, "GB-hour", _FARGATE),
    "address": Price(0.005, "public IPv4 hour", "https://aws.amazon.com/vpc/pricing/"),
    "images": Price(0.10, "GB-month", "https://aws.amazon.com/ecr/pricing/"),
}
