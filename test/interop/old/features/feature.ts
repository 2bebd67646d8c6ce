/** One behaviour that every pair of peers is put through: a column of the matrix. */
import type { Rig } from "../rig.js";

export interface Feature {
  /** The head of the column: short. */
  readonly name: string;
  run(rig: Rig): Promise<void>;
}
