/**
 * A driven peer's end of the link to the tests. Messages are JSON; a function
 * among the arguments becomes a number, and calling it a message back. Runs
 * in a child process and, as a plain script, in a page.
 */
(function (exports) {
  exports.createLink = function createLink(post) {
    const functions = [];

    function pack(values) {
      return Array.from(values, (value) => {
        if (typeof value === "function")
          return { "@function": functions.push(value) - 1 };
        if (value instanceof Error) return String(value.message);
        return value === undefined ? null : value;
      });
    }

    function unpack(values) {
      return values.map((value) => {
        const number = Object(value)["@function"];
        if (number === undefined) return value;
        // One parameter is declared: some libraries ask whether a callback wants data.
        return function (_first) {
          post({ call: number, args: pack(arguments) });
        };
      });
    }

    return {
      /** Tells the tests of an event at one end of a connection. */
      report(end, event, args) {
        post({ end, event, args: pack(args) });
      },
      /** What came from the tests: a command, or the call of a function that they were given. */
      receive(message, commands) {
        if (message.call !== undefined) {
          functions[message.call](...unpack(message.args));
          return;
        }
        Promise.resolve()
          .then(() => {
            const command = commands[message.command];
            if (command === undefined)
              throw new Error(`this peer has no "${message.command}"`);
            return command(...unpack(message.args));
          })
          .then(
            (value) => post({ done: message.id, value }),
            (error) =>
              post({ done: message.id, error: String(error.stack || error) }),
          );
      },
    };
  };
})(typeof module === "object" ? module.exports : (window.drivers = {}));
