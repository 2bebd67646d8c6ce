/** y-socket.io: a document that several people write at, in namespaces made by a pattern. */
const { YSocketIO } = require("y-socket.io/dist/server");
const { SocketIOProvider } = require("y-socket.io");
const Y = require("yjs");
const { print, program, serve } = require("./rig.cjs");

/** Resolves when the document is as it should be. */
const until = (doc, text) =>
  new Promise((resolve) => {
    const look = () => doc.getText("t").toString() === text && resolve();
    doc.on("update", look);
    look();
  });

program(async () => {
  const { io, url } = await serve();
  const documents = new YSocketIO(io, {
    authenticate: ({ auth }) => auth.token === "right",
  });
  documents.on("document-loaded", ({ name }) => print("loaded", name));
  documents.initialize();
  const closed = new Promise((resolve) =>
    documents.on("all-document-connections-closed", ({ name }) =>
      resolve(name),
    ),
  );

  const open = (token) => {
    const doc = new Y.Doc();
    const provider = new SocketIOProvider(url, "päper", doc, {
      auth: { token },
      disableBc: true,
    });
    return { doc, provider };
  };
  const wrong = open("wrong");
  await new Promise((resolve) =>
    wrong.provider.on("connection-error", ({ message }) => {
      print("refused", message);
      resolve();
    }),
  );
  wrong.provider.destroy();
  const [anna, berta] = [open("right"), open("right")];
  for (const { provider } of [anna, berta])
    if (!provider.synced)
      await new Promise((resolve) => provider.once("sync", resolve));
  anna.doc.getText("t").insert(0, "hällo ");
  await until(berta.doc, "hällo ");
  berta.doc.getText("t").insert(6, "wörld");
  await until(anna.doc, "hällo wörld");
  print("both", anna.doc.getText("t"), berta.doc.getText("t"));
  const aware = new Promise((resolve) =>
    berta.provider.awareness.on("change", () => {
      const states = [...berta.provider.awareness.getStates().values()];
      const found = states.find(({ name }) => name === "anna");
      if (found) resolve(found);
    }),
  );
  anna.provider.awareness.setLocalStateField("name", "anna");
  print("aware", await aware);
  const late = open("right");
  await until(late.doc, "hällo wörld");
  print("late", late.doc.getText("t"));
  for (const { provider } of [anna, berta, late]) provider.destroy();
  print("closed", await closed);
});
