"""The end of the link to the tests: one JSON value on each line.

    in:   {"id": 1, "command": "emit", "params": {...}}
    out:  {"id": 1, "result": ...} or {"id": 1, "error": "..."}
    out:  {"end": "c1", "event": "news", "nsp": "/", "args": [...]}

Bytes and tuples, which JSON has not, are {"$bytes": base64} and {"$tuple": [...]}.
"""
import asyncio
import base64
import inspect
import json
import sys
import threading

_lock = threading.Lock()


def pack(value):
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, tuple):
        return {"$tuple": [pack(item) for item in value]}
    if isinstance(value, list):
        return [pack(item) for item in value]
    if isinstance(value, dict):
        return {key: pack(item) for key, item in value.items()}
    return value


def unpack(value):
    if isinstance(value, list):
        return [unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$bytes" in value:
        return base64.b64decode(value["$bytes"])
    if "$tuple" in value:
        return tuple(unpack(item) for item in value["$tuple"])
    return {key: unpack(item) for key, item in value.items()}


def say(message):
    line = json.dumps(message) + "\n"
    with _lock:
        sys.stdout.write(line)
        sys.stdout.flush()


def report(end, event, args=(), **more):
    """Tells the tests what happened at one end."""
    say({"end": end, "event": event, "args": pack(list(args)), **more})


async def settled(value):
    """The methods of the asyncio classes are coroutines, those of the others are not."""
    return await value if inspect.isawaitable(value) else value


async def perform(request, commands):
    """Does what is asked for, and answers."""
    answer = {"id": request["id"]}
    try:
        command = commands[request["command"]]
        result = await command(**unpack(request["params"]))
        answer["result"] = pack(result)
    except Exception as error:
        answer["error"] = f"{type(error).__name__}: {error}"
    say(answer)


def now(coroutine):
    """Runs a coroutine that waits for nothing, as without asyncio."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("something was waited for without asyncio")


def requests(read=sys.stdin.readline):
    """What the tests ask for, until they hang up."""
    while line := read():
        yield json.loads(line)


async def async_requests():
    """The same, for asyncio."""
    reader = asyncio.StreamReader(limit=2**26)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        yield json.loads(line)
