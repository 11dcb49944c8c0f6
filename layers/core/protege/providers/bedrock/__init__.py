"""Models on Amazon Bedrock, by the role we run as: no key.

Importing a module in here loads neither boto3 nor the OpenAI SDK; building what it holds does.
"""
