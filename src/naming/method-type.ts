/** `methodOf` for the compiler: from the type of an event's name to that of its method. */

/** What parts words in names that programs have; `methodOf` itself knows more. */
type Separator = " " | "_" | "-" | "." | ":" | "/";

type Words<
  Name extends string,
  Done extends string = "",
  Start extends boolean = true,
> = Name extends `${infer Letter}${infer Rest}`
  ? Letter extends Separator
    ? Words<Rest, Done, true>
    : Words<
        Rest,
        `${Done}${Start extends true ? Uppercase<Letter> : Letter}`,
        false
      >
  : Done;

/** `"chat message"` gives `"onChatMessage"`. */
export type MethodOf<Name extends string> = `on${Words<Name>}`;
