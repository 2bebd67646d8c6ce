"""Clients of python-socketio, driven by the tests: `clients.py Client|AsyncClient`."""
import asyncio
import json
import sys
import threading

import socketio

from link import async_requests, now, perform, report, requests, settled

clients = {}
replies = {}


def listen(client, end, nsp):
    """Handlers for everything; events are answered with what the tests said before."""
    client.on("connect", lambda: report(end, "connect", nsp=nsp), nsp)
    client.on(
        "connect_error",
        lambda *data: report(end, "connect_error", data, nsp=nsp),
        nsp,
    )
    client.on(
        "disconnect", lambda *_: report(end, "disconnect", nsp=nsp), nsp
    )

    def any_event(event, *args):
        report(end, event, args, nsp=nsp)
        return replies.get((end, event))

    client.on("*", any_event, nsp)


def namespace_class(base):
    class Driven(base):
        end = None

        def on_connect(self):
            report(self.end, "connect", nsp=self.namespace)

        def on_disconnect(self, *_):
            report(self.end, "disconnect", nsp=self.namespace)

        def on_greet(self, name):
            report(self.end, "greet", [name], nsp=self.namespace)
            return f"hello {name}", len(name)

    return Driven


if sys.argv[1] == "AsyncClient":
    Client, Namespace = socketio.AsyncClient, socketio.AsyncClientNamespace
else:
    Client, Namespace = socketio.Client, socketio.ClientNamespace
ClassNamespace = namespace_class(Namespace)


class Counted:
    """An argument of connect() that is asked for anew at each connection."""

    def __init__(self, make):
        self.times = 0
        self.make = make

    def __call__(self):
        self.times += 1
        return self.make(self.times)


async def connect(
    end,
    url,
    options={},
    functions=[],
    namespaces=None,
    handled=["/"],
    classes=[],
    **connecting,
):
    client = Client(
        reconnection_delay=0.05,
        randomization_factor=0,
        **({} if Client is socketio.AsyncClient else {"handle_sigint": False}),
        **options,
    )
    clients[end] = client
    for nsp in handled:
        listen(client, end, nsp)
    for nsp in classes:
        handler = ClassNamespace(nsp)
        handler.end = end
        client.register_namespace(handler)
    if "url" in functions:
        plain = url
        url = Counted(lambda times: f"{plain}?times={times}")
    if "headers" in functions:
        connecting["headers"] = Counted(lambda times: {"x-times": str(times)})
    if "auth" in functions:
        connecting["auth"] = Counted(lambda times: {"times": times})
    await settled(
        client.connect(
            url, namespaces=namespaces, **{"wait_timeout": 5, **connecting}
        )
    )


async def reply(end, event, value):
    replies[(end, event)] = value


async def state(end):
    client = clients[end]
    return {
        "connected": client.connected,
        "sid": client.sid,
        "namespaces": dict(client.namespaces),
        "transport": client.transport(),
    }


async def emit(end, event, data=None, times=1, namespace=None, callback=False):
    client = clients[end]
    asked = {}
    if callback:
        asked["callback"] = lambda *args: report(end, "answer", args)
    for number in range(times):
        each = data if times == 1 else (number, data)
        await settled(client.emit(event, each, namespace=namespace, **asked))


async def send(end, data):
    await settled(clients[end].send(data))


async def call(end, event, data=None, namespace=None, timeout=5):
    client = clients[end]
    return await settled(
        client.call(event, data, namespace=namespace, timeout=timeout)
    )


async def disconnect(end):
    await settled(clients[end].disconnect())


def callback_of(index, script):
    """What a page's function ___eio[index] is called with by a script, and nothing else."""
    begin, last = f"___eio[{index}](", ");"
    if not (script.startswith(begin) and script.endswith(last)):
        raise ValueError(f"not a call of ___eio[{index}]: {script}")
    return json.loads(script[len(begin) : -len(last)])


async def jsonp(end, url, event, data):
    """A whole conversation over JSONP, of which python-socketio has only the server's part."""
    import requests as http

    session = http.Session()
    query = {"EIO": "4", "transport": "polling", "j": "7"}

    def poll():
        response = session.get(url, params=query)
        response.raise_for_status()
        kind = response.headers["content-type"]
        if not kind.startswith("text/javascript"):
            raise ValueError(f"not a script: {kind}")
        return callback_of(7, response.text).split("\x1e")

    def post(packets):
        # As a form of a page does it: line ends escaped once more.
        payload = "\x1e".join(packets).replace("\\n", "\\\\n")
        response = session.post(url, params=query, data={"d": payload})
        response.raise_for_status()
        return response.text

    (opened,) = poll()
    query["sid"] = json.loads(opened[1:])["sid"]
    told = [post(["40"])]
    (connected,) = poll()
    told.append(post(["420" + json.dumps([event, data])]))
    answers = poll()
    session.post(url, params=query, data={"d": "1"})
    return [connected[:2], answers, told]


async def close(end):
    """At the end of a test: also a client that would connect again."""
    client = clients.pop(end, None)
    if client is None:
        return
    client.reconnection = False
    abort = client._reconnect_abort
    if abort is not None:
        abort.set()
    await settled(client.disconnect())


commands = {
    command.__name__: command
    for command in (
        connect, reply, state, emit, send, call, disconnect, jsonp, close,
    )
}

#: What waits for the other side is not to keep other commands waiting.
SLOW = ("connect", "call", "jsonp")


def main():
    for request in requests():
        if request["command"] in SLOW:
            work = lambda request=request: now(perform(request, commands))
            threading.Thread(target=work, daemon=True).start()
        else:
            now(perform(request, commands))


async def main_async():
    tasks = set()
    async for request in async_requests():
        if request["command"] in SLOW:
            task = asyncio.create_task(perform(request, commands))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        else:
            await perform(request, commands)


if Client is socketio.AsyncClient:
    asyncio.run(main_async())
else:
    main()
