"""One session with many steps, with the `openai` package: a course outline is written top-down, chapters and sections
in parallel. The only lines about Throughline are the base URL and the headers."""

import asyncio
import os
import sys
import uuid

from openai import AsyncOpenAI

url = os.environ.get("THROUGHLINE_URL", "http://127.0.0.1:8585")
key = os.environ.get("THROUGHLINE_API_KEY")
topic = sys.argv[1] if len(sys.argv) > 1 else "Baking bread at home"
session_id = str(uuid.uuid4())

client = AsyncOpenAI(
    base_url=f"{url}/v1/gateway/oai/v1",
    default_headers={
        **({"Helicone-Auth": f"Bearer {key}"} if key else {}),
        "Helicone-Session-Id": session_id,
        "Helicone-Session-Name": "Course outline",
        "Helicone-User-Id": "example-python",
    },
)


async def write(path: str, task: str) -> str:
    """One step of the session: its path says where in the tree it belongs."""
    answer = await client.chat.completions.create(
        model="gpt-4o-mini",
        max_completion_tokens=300,
        messages=[
            {"role": "system", "content": f"You design a short course: {topic}."},
            {"role": "user", "content": task},
        ],
        extra_headers={"Helicone-Session-Path": path},
    )
    return answer.choices[0].message.content or ""


async def write_chapter(number: int, outline: str) -> None:
    path = f"/outline/chapter-{number}"
    text = await write(path, f"Introduce chapter {number} of this outline:\n{outline}")
    await asyncio.gather(
        *(write(f"{path}/section-{section}", f"Write section {section} of the chapter:\n{text}") for section in (1, 2))
    )


async def main() -> None:
    abstract = await write("/abstract", "Write an abstract of two sentences.")
    outline = await write("/outline", f"Name two chapters, each with two sections, for this abstract:\n{abstract}")
    await asyncio.gather(*(write_chapter(number, outline) for number in (1, 2)))
    print(f"Session {session_id}")
    print(f"{url}/v1/session/{session_id}")


asyncio.run(main())
