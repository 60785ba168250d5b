"""Calls made with Python's `openai` or `anthropic`, for python-vendors.e2e.test.ts. Prints one JSON object per call."""

import json
import os
import sys

url = os.environ["E2E_URL"]
headers = json.loads(os.environ["E2E_HEADERS"])
question = os.environ["E2E_QUESTION"]
tool = json.loads(os.environ["E2E_TOOL"])
secret = os.environ["E2E_SECRET"]
messages = [{"role": "user", "content": question}]


def at(path):
    return {"Helicone-Session-Path": path}


def report(name, read):
    print(json.dumps({"name": name, "read": read}))


def call_openai():
    from openai import OpenAI, RateLimitError

    client = OpenAI(base_url=f"{url}/v1/gateway/oai/v1", api_key=secret, default_headers=headers, max_retries=0)
    create = client.chat.completions.create
    ask = {"model": "gpt-4o-mini", "messages": messages}
    report("plain", create(**ask, extra_headers=at("/plan")).choices[0].message.content)
    told = {"stream": True, "stream_options": {"include_usage": True}}
    stream = create(**ask, **told, extra_headers=at("/plan/write"))
    report("streamed", "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices))
    function = {"name": tool["name"], "description": tool["description"], "parameters": tool["schema"]}
    answer = create(**ask, tools=[{"type": "function", "function": function}], extra_headers=at("/search"))
    report("tool", json.loads(answer.choices[0].message.tool_calls[0].function.arguments))
    try:
        create(**ask, extra_headers=at("/limited"))
    except RateLimitError as error:
        report("limited", {"isOwn": error.code == "rate_limit_exceeded", "status": error.status_code})


def call_anthropic():
    from anthropic import Anthropic, RateLimitError

    client = Anthropic(base_url=f"{url}/v1/gateway/anthropic", api_key=secret, default_headers=headers, max_retries=0)
    ask = {"model": "claude-haiku-4-5", "max_tokens": 200, "messages": messages}
    report("plain", client.messages.create(**ask, extra_headers=at("/plan")).content[0].text)
    with client.messages.stream(**ask, extra_headers=at("/plan/write")) as stream:
        report("streamed", "".join(stream.text_stream))
    tools = [{"name": tool["name"], "description": tool["description"], "input_schema": tool["schema"]}]
    answer = client.messages.create(**ask, tools=tools, extra_headers=at("/search"))
    report("tool", next(block.input for block in answer.content if block.type == "tool_use"))
    try:
        client.messages.create(**ask, extra_headers=at("/limited"))
    except RateLimitError as error:
        report("limited", {"isOwn": error.type == "rate_limit_error", "status": error.status_code})


{"openai": call_openai, "anthropic": call_anthropic}[sys.argv[1]]()
