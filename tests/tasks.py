"""A cluster, a public subnet and a task definition, in moto."""

import os
from typing import Any

from protege.storage.aws.launcher import Task


def task_on(ecs: Any, ec2: Any) -> Task:
    """All that a voice worker needs to be started; `ecs`, `ec2`: boto3 clients."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    name = f"voice-{os.urandom(4).hex()}"
    group = ec2.create_security_group(GroupName=name, Description="x", VpcId=vpc)["GroupId"]
    ecs.create_cluster(clusterName=name)
    ecs.register_task_definition(
        family=name,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="1024",
        memory="2048",
        containerDefinitions=[{"name": "voice", "image": "voice:1", "memory": 2048}],
    )
    return Task(name, name, (subnet,), (group,))
