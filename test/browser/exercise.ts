/**
 * What a page does with its client, and what it should say about it. The
 * function runs in the page, so it uses nothing from around it.
 */

interface PageSocket {
  on(event: string, listener: (...args: never[]) => void): void;
  emit(event: string, ...args: unknown[]): void;
  disconnect(): void;
  io: {
    engine: {
      transport: { name: string };
      on(event: string, listener: () => void): void;
    };
  };
}

const TEXT = '€ 漢字 😀 \u0000 \u2028 \ufffd é \n \\n "';

export async function exercise({
  options,
  size,
}: {
  options: object;
  size: number;
}): Promise<object> {
  const { io } = window as unknown as {
    io: (options: object) => PageSocket;
  };
  const text = '€ 漢字 😀 \u0000 \u2028 \ufffd é \n \\n "';
  const socket = io({ forceNew: true, reconnection: false, ...options });
  const named = (options as { transports: string[] }).transports;

  await new Promise<void>((resolve, reject) => {
    socket.on("connect", resolve);
    for (const event of ["connect_error", "error"])
      socket.on(event, (error: unknown) =>
        reject(new Error(`${event}: ${String(error)}`)),
      );
  });

  const ask = (event: string, ...args: unknown[]): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      const what = `${event} ${String(args[0]).slice(0, 40)}`;
      setTimeout(() => reject(new Error(`no answer to ${what}`)), 10_000);
      socket.emit(event, ...args, (...values: unknown[]) => resolve(values));
    });
  const hex = async (value: unknown): Promise<string> => {
    const buffer =
      value instanceof Blob
        ? await value.arrayBuffer()
        : ArrayBuffer.isView(value)
          ? value.buffer.slice(
              value.byteOffset,
              value.byteOffset + value.byteLength,
            )
          : value;
    if (!(buffer instanceof ArrayBuffer)) return `no bytes: ${typeof value}`;
    return [...new Uint8Array(buffer)]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join(" ");
  };

  // At once, so that an upgrade comes in between.
  const numbers: unknown[] = [];
  await Promise.all(
    Array.from({ length: 30 }, async (_, number) => {
      numbers.push((await ask("mirror", number))[0]);
    }),
  );
  if (named.length > 1 && socket.io.engine.transport.name !== "websocket")
    await new Promise<void>((resolve) =>
      socket.io.engine.on("upgrade", resolve),
    );

  const bytes = new Uint8Array([0, 1, 4, 30, 128, 254, 255]);
  const [mirrored] = await ask("mirror", bytes.buffer);
  const [nested] = (await ask("mirror", {
    list: [bytes.buffer, "x", new Uint8Array([7]).buffer],
  })) as [{ list: unknown[] }];
  const [fromBlob] = await ask("mirror", new Blob([bytes]));
  const [measured] = await ask("measure", new ArrayBuffer(size));
  const [echoed, record] = await ask("mirror", text, { [text]: [text, null] });
  const [long] = (await ask("mirror", "0123456789".repeat(size / 10))) as [
    string,
  ];

  const answered = new Promise<unknown[]>((resolve) =>
    socket.on("answered", (...values: unknown[]) => resolve(values)),
  );
  socket.on("question", (...args: unknown[]) => {
    const done = args.pop() as (...values: unknown[]) => void;
    done("answer", ...args);
  });
  socket.emit("call back", text, bytes.buffer);
  const [word, back, binary] = await answered;

  const report = {
    transport: socket.io.engine.transport.name,
    numbers:
      numbers.length === 30 && numbers.every((value, at) => value === at),
    mirrored: await hex(mirrored),
    nested: [
      await hex(nested.list[0]),
      nested.list[1],
      await hex(nested.list[2]),
    ],
    fromBlob: await hex(fromBlob),
    measured,
    echoed,
    record,
    long: long.length,
    question: [word, back, await hex(binary)],
  };
  socket.disconnect();
  return report;
}

export function expectedReport(transport: string, size: number): object {
  const bytes = "00 01 04 1e 80 fe ff";
  return {
    transport,
    numbers: true,
    mirrored: bytes,
    nested: [bytes, "x", "07"],
    fromBlob: bytes,
    measured: size,
    echoed: TEXT,
    record: { [TEXT]: [TEXT, null] },
    long: size,
    question: ["answer", TEXT, bytes],
  };
}
