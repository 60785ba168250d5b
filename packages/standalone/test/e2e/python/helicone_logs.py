"""Calls logged with `helicone_helpers`, for helicone-python.e2e.test.ts."""

import asyncio
import json
import os
import time

from helicone_helpers import HeliconeManualLogger

request = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Und was kostet er: 5 €?"}]}
usage = {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 1500}
completion = {"model": "gpt-4o-mini", "choices": [{"index": 0, "message": {"content": "Nichts."}}], "usage": usage}
chunks = [
    {"model": "gpt-4o-mini", "choices": [{"index": 0, "delta": {"content": "Nichts."}, "finish_reason": "stop"}]},
    {"model": "gpt-4o-mini", "choices": [], "usage": usage},
]
headers = json.loads(os.environ["E2E_HEADERS"])
logger = HeliconeManualLogger(os.environ["E2E_KEY"], headers=headers, logging_endpoint=os.environ["E2E_URL"])


def at(path):
    return {"Helicone-Session-Path": path}


def operation(recorder):
    recorder.append_results(completion)
    return "result"


assert logger.log_request(request, operation, at("/1-custom")) == "result"
assert logger.log_request(request, operation, at("/2-openai"), provider="openai") == "result"
assert logger.log_request(request, operation, at("/3-anthropic"), provider="anthropic") == "result"

now = time.time()
options = {"start_time": now - 0.5, "end_time": now, "additional_headers": at("/4-text")}
logger.send_log(None, request, json.dumps(completion), options)
tool = {"_type": "tool", "toolName": "search", "input": {"q": "x"}}
logger.send_log(None, tool, {"found": 3}, {**options, "additional_headers": at("/5-tool")})

builder = logger.new_builder(request, at("/6-stream"))
for chunk in chunks:
    builder.add_chunk(chunk)
asyncio.run(builder.send_log())
