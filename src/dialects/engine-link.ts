/** What Engine.IO 3 and 4 have in common in how their connections live. */
export const engineLink = {
  pollFor: Infinity,
  // Between polls the heartbeat decides.
  grace: { stream: 0, polls: Infinity },
  claim: 0,
  dismisses: false,
  endsWithRoot: false,
  sid: "text",
  change: "probe",
} as const;
