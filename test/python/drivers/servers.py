"""Servers of python-socketio, driven by the tests: `servers.py Server|AsyncServer`.

`Server` runs on eventlet, `AsyncServer` on aiohttp.
"""
import asyncio
import sys

import socketio

from link import async_requests, now, perform, report, requests, settled

ASYNC = sys.argv[1] == "AsyncServer"
servers = {}
running = {}
replies = {}

#: What the tests look at of the request that opened a connection.
TOLD = ("QUERY_STRING", "HTTP_X_TEST", "HTTP_COOKIE")


def greet(end, nsp, refuse):
    """A connect handler; `refuse` is None, False or the arguments of the exception."""

    def connect(sid, environ, *auth):
        told = {key: environ[key] for key in TOLD if key in environ}
        report(end, "connect", [told, *auth], nsp=nsp, sid=sid)
        if refuse is False:
            return False
        if refuse is not None:
            raise socketio.exceptions.ConnectionRefusedError(*refuse)

    return connect


def listen(server, end, nsp, refuse, events):
    """Handlers for the named events; they answer with what the tests said before."""
    server.on("connect", greet(end, nsp, refuse), nsp)
    server.on(
        "disconnect",
        lambda sid, *_: report(end, "disconnect", nsp=nsp, sid=sid),
        nsp,
    )

    def handler(event):
        def handle(sid, *args):
            report(end, event, args, nsp=nsp, sid=sid)
            return replies.get((end, event))

        return handle

    def any_event(event, sid, *args):
        return handler(event)(sid, *args)

    for event in events:
        server.on(event, any_event if event == "*" else handler(event), nsp)


def namespace_class(base):
    class Driven(base):
        end = None

        def on_connect(self, sid, environ):
            report(self.end, "connect", nsp=self.namespace, sid=sid)

        def on_greet(self, sid, name):
            report(self.end, "greet", [name], nsp=self.namespace, sid=sid)
            return f"hello {name}", len(name)

    return Driven


ClassNamespace = namespace_class(
    socketio.AsyncNamespace if ASYNC else socketio.Namespace
)


class OnAiohttp:
    @staticmethod
    def create(options):
        return socketio.AsyncServer(async_mode="aiohttp", **options)

    @staticmethod
    async def serve(server, port, watch):
        from aiohttp import web

        @web.middleware
        async def watched(request, handler):
            watch(request.headers.get("Cookie"))
            return await handler(request)

        app = web.Application(middlewares=[watched])
        server.attach(app)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(
            runner, "127.0.0.1", port, shutdown_timeout=0.02, reuse_address=True
        )
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        return port, runner.cleanup


class OnEventlet:
    @staticmethod
    def create(options):
        return socketio.Server(async_mode="eventlet", **options)

    @staticmethod
    async def serve(server, port, watch):
        import eventlet
        import eventlet.wsgi

        app = socketio.WSGIApp(server)
        sockets = set()

        def counted(environ, start_response):
            watch(environ.get("HTTP_COOKIE"))
            sockets.add(environ["eventlet.input"].get_socket())
            return app(environ, start_response)

        listening = eventlet.listen(("127.0.0.1", port))
        thread = eventlet.spawn(
            eventlet.wsgi.server, listening, counted, log_output=False
        )

        async def stop():
            thread.kill()
            listening.close()
            for socket in sockets:
                try:
                    socket.shutdown(2)
                except OSError:
                    pass

        return listening.getsockname()[1], stop


platform = OnAiohttp if ASYNC else OnEventlet


async def start(
    end,
    options={},
    port=0,
    namespaces={"/": {}},
    classes=[],
    cookies=False,
):
    """With `cookies`, the tests are told which came with each request."""
    server = platform.create(options)
    servers[end] = server
    for nsp, wishes in namespaces.items():
        listen(
            server,
            end,
            nsp,
            wishes.get("refuse"),
            wishes.get("events", ["*"]),
        )
    for nsp in classes:
        handler = ClassNamespace(nsp)
        handler.end = end
        server.register_namespace(handler)

    def watch(cookie):
        if cookies:
            report(end, "cookies", [cookie])

    port, running[end] = await platform.serve(server, port, watch)
    return port


async def stop(end):
    if end in running:
        await running.pop(end)()


async def reply(end, event, value):
    replies[(end, event)] = value


async def emit(end, event, data=None, times=1, **options):
    for number in range(times):
        each = data if times == 1 else (number, data)
        await settled(servers[end].emit(event, each, **options))


async def send(end, data, **options):
    await settled(servers[end].send(data, **options))


async def call(end, event, data=None, **options):
    return await settled(
        servers[end].call(event, data, **{"timeout": 5, **options})
    )


async def enter_room(end, **params):
    await settled(servers[end].enter_room(**params))


async def leave_room(end, **params):
    await settled(servers[end].leave_room(**params))


async def close_room(end, **params):
    await settled(servers[end].close_room(**params))


async def rooms(end, **params):
    return list(servers[end].rooms(**params))


async def save_session(end, **params):
    await settled(servers[end].save_session(**params))


async def get_session(end, **params):
    return await settled(servers[end].get_session(**params))


async def transport(end, sid):
    server = servers[end]
    return server.eio.transport(server.manager.eio_sid_from_sid(sid, "/"))


async def disconnect(end, **params):
    await settled(servers[end].disconnect(**params))


commands = {
    command.__name__: command
    for command in (
        start, stop, reply, emit, send, call, enter_room, leave_room,
        close_room, rooms, save_session, get_session, transport, disconnect,
    )
}


def main():
    from eventlet import spawn, tpool

    for request in requests(lambda: tpool.execute(sys.stdin.readline)):
        spawn(lambda request=request: now(perform(request, commands)))


async def main_async():
    tasks = set()
    async for request in async_requests():
        task = asyncio.create_task(perform(request, commands))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


if ASYNC:
    asyncio.run(main_async())
else:
    main()
