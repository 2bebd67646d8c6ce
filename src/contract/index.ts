/**
 * `omnio/contract`: what both ends of a contract import.
 */
export {
  contract,
  type ClientEmits,
  type ClientListens,
  type Contract,
  type EventShape,
  type EventShapes,
  type ServerEmits,
  type ServerListens,
} from "./contract.js";
export { ValidationError } from "./check.js";
export { isAckFailure, type AckFailure, type Issue } from "./failure.js";
export type { Validator } from "./validator.js";
