/**
 * Long polls where something is out of the ordinary, at each old server and at
 * ours: behind a proxy that holds answers back, from a client that vanishes,
 * two at once, after the end.
 */
import { server06, server07, server08, server09 } from "./peers/old-servers.js";
import { PATIENT, QUICK } from "./raw/polls.js";
import { runSideBySide, type Feature, type Told } from "./raw/suite.js";

const patient = { closeTimeout: 20_000, pollFor: 20_000 };
const quick = { closeTimeout: 400, pollFor: 100 };

const features = (
  all: Readonly<Record<string, Told>>,
  times: object,
  buffered: boolean,
) =>
  Object.entries(all).map(([name, told]): Feature => ({
    name,
    told,
    times,
    buffered,
  }));

runSideBySide(
  "Long polls of old generations",
  "old-polls.md",
  [server09(), server08(), server07(), server06()].map((old) => ({
    old,
    ways: [false, true].map((buffered) => ({
      name: `xhr-polling${buffered ? ", buffered" : ""}`,
      features: [
        ...features(PATIENT, patient, buffered),
        ...features(QUICK, quick, buffered),
      ],
    })),
  })),
);
