"""Spans of Python's OpenTelemetry around calls with `openai`, for otlp-python.e2e.test.ts."""

import os
import sys

from openai import OpenAI
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

which = sys.argv[1]
exporter = OTLPSpanExporter(
    endpoint=os.environ["E2E_TRACES_URL"],
    headers={"authorization": "Bearer " + os.environ["E2E_KEY"]},
)
provider = TracerProvider(resource=Resource.create({"service.name": "python"}))
provider.add_span_processor(BatchSpanProcessor(exporter))
trace.set_tracer_provider(provider)

if which == "openllmetry":
    from opentelemetry.instrumentation.openai import OpenAIInstrumentor
else:
    from openinference.instrumentation.openai import OpenAIInstrumentor
OpenAIInstrumentor().instrument(tracer_provider=provider)

client = OpenAI(base_url=os.environ["E2E_PROVIDER_URL"], api_key="sk-provider-python")
messages = [{"role": "user", "content": "Which step was slow? Und was kostet er: 5 €?"}]
tracer = trace.get_tracer("test")
with tracer.start_as_current_span("outline", attributes={"session.id": os.environ["E2E_SESSION"]}):
    client.chat.completions.create(model="gpt-4o-mini", messages=messages, temperature=0.5)
    stream = client.chat.completions.create(
        model="gpt-4o-mini", messages=messages, stream=True, stream_options={"include_usage": True}
    )
    for _ in stream:
        pass
provider.shutdown()
