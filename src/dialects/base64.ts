/** Base64 by what every runtime has. A runtime with something faster gives that. */
import type { Base64 } from "./dialect.js";

/** Arguments that one call takes on every engine. */
const CHUNK = 0x2000;

export const base64: Base64 = {
  encode(bytes) {
    let binary = "";
    for (let at = 0; at < bytes.length; at += CHUNK)
      binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
    return btoa(binary);
  },
  decode(text) {
    const clean = text.replace(/[^A-Za-z0-9+/]/g, "");
    // One character of a group of four says nothing.
    const whole = clean.length % 4 === 1 ? clean.slice(0, -1) : clean;
    const binary = atob(whole);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  },
};
