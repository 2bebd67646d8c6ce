/** The generations of Socket.IO by the names that applications know. */
export const GENERATIONS = [
  "4.x",
  "3.x",
  "2.x",
  "1.x",
  "0.9",
  "0.8",
  "0.7",
  "0.6",
] as const;

export type Generation = (typeof GENERATIONS)[number];
