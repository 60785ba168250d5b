"""Calls made with Python's `openai`, for python-client.e2e.test.ts. Prints one JSON object per call."""

import asyncio
import hashlib
import json
import os

from openai import AsyncOpenAI, OpenAI

base_url = os.environ["E2E_BASE_URL"]
default_headers = json.loads(os.environ["E2E_DEFAULT_HEADERS"])
messages = [{"role": "user", "content": "Which step was slow? Und was kostet er: 5 €?"}]
client = OpenAI(base_url=base_url, api_key="sk-provider-python", default_headers=default_headers)


def report(name, raw):
    body = raw.read() if hasattr(raw, "read") else raw.content
    print(
        json.dumps(
            {
                "name": name,
                "exchange": raw.headers.get("x-fake-exchange"),
                "request_id": raw.headers.get("helicone-id"),
                "sha256": hashlib.sha256(body).hexdigest(),
            }
        )
    )


raw = client.chat.completions.with_raw_response.create(model="gpt-4o-mini", messages=messages)
assert raw.parse().choices[0].message.content
report("default headers", raw.http_response)

raw = client.chat.completions.with_raw_response.create(
    model="gpt-4o-mini", messages=messages, extra_headers={"Helicone-Session-Path": "/extra/headers"}
)
report("extra headers", raw.http_response)

with client.chat.completions.with_streaming_response.create(
    model="gpt-4o-mini", messages=messages, stream=True, stream_options={"include_usage": True}
) as streamed:
    report("stream", streamed.http_response)

stream = client.chat.completions.create(model="gpt-4o-mini", messages=messages, stream=True)
text = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
assert text
print(json.dumps({"name": "parsed stream"}))


async def parallel():
    async_client = AsyncOpenAI(base_url=base_url, api_key="sk-provider-python", default_headers=default_headers)
    await asyncio.gather(
        *(
            async_client.responses.create(
                model="gpt-4.1", input="Name a chapter.", extra_headers={"Helicone-Session-Path": f"/parallel/{n}"}
            )
            for n in range(3)
        )
    )


asyncio.run(parallel())
print(json.dumps({"name": "parallel"}))
