/**
 * Runs scenarios: every contender in every round, in turns, each time with a
 * server process and a load process of its own, so that nothing is left over
 * from one measurement to the next.
 */
import { contenderNamed, REFERENCE } from "./contenders.mjs";
import { Worker } from "./control/worker.mjs";
import { ratios, summarize } from "./statistics.mjs";

/**
 * @typedef {import("./contenders.mjs").Contender} Contender
 * @typedef {import("./scenarios/scenario.mjs").Scenario} Scenario
 * @typedef {import("./scenarios/scenario.mjs").Session} Session
 * @typedef {import("./scenarios/scenario.mjs").Scale} Scale
 * @typedef {import("./scenarios/scenario.mjs").Figures} Figures
 * @typedef {import("./statistics.mjs").Spread} Spread
 *
 * @typedef {object} Standing what one contender reached in one scenario
 * @property {string} contender
 * @property {Record<string, Spread>} figures
 * @property {Record<string, Spread> | null} ratios to the reference, if it took part
 * @property {Record<string, Spread>} [beside] ratios to what the same contender
 *   reached in the scenario that this one is compared to
 * @property {Figures[]} rounds
 *
 * @typedef {{ scenario: Scenario, setting: number | null, standings: Standing[] }} Result
 */

const GENERATOR = new URL("./load/generator.mjs", import.meta.url);
const BESIDE_CLIENTS = new URL("./servers/beside-clients.mjs", import.meta.url);

/** @param {Scenario} scenario @param {Contender} contender */
function processesOf({ measures }, { name, server, client }) {
  return measures === "client"
    ? {
        server: new Worker("the server beside the clients", BESIDE_CLIENTS),
        load: new Worker(`the clients of ${name}`, client),
      }
    : {
        server: new Worker(`the server of ${name}`, server),
        load: new Worker("the load generator", GENERATOR),
      };
}

/**
 * @template T
 * @param {Scenario} scenario
 * @param {Contender} contender
 * @param {(session: Session) => Promise<T>} use
 * @returns {Promise<T>}
 */
async function withSession(scenario, contender, use) {
  const { server, load } = processesOf(scenario, contender);
  try {
    const { port } = await server.ask("start");
    return await use({ server, load, port });
  } finally {
    await Promise.all([load.stop(), server.stop()]);
  }
}

/**
 * @param {Scenario} scenario
 * @param {Contender[]} contenders
 * @param {Scale & { rounds: number }} scale
 * @param {(line: string) => void} progress
 * @returns {Promise<Result>}
 */
export async function runScenario(scenario, contenders, scale, progress) {
  const taking = contenders.filter(
    (contender) =>
      (contender.polling || !scenario.polling) &&
      (contender.whole || !scenario.whole),
  );
  /** @type {Map<Contender, Figures[]>} */
  const rounds = new Map(taking.map((contender) => [contender, []]));

  let setting = null;
  if (scenario.calibrate) {
    const { calibrate } = scenario;
    setting = await withSession(
      scenario,
      contenderNamed(REFERENCE),
      (session) => calibrate(session, scale),
    );
    progress(`${scenario.name}  setting ${setting}, found at ${REFERENCE}`);
  }

  for (let round = 0; round < scale.rounds; round++) {
    for (let turn = 0; turn < taking.length; turn++) {
      const contender = taking[(turn + round) % taking.length];
      const figures = await withSession(scenario, contender, (session) =>
        scenario.measure(session, scale, setting ?? 0),
      );
      rounds.get(contender)?.push(figures);
      progress(
        `${scenario.name}  round ${round + 1}/${scale.rounds}  ${contender.name}  ${inShort(figures)}`,
      );
    }
  }

  const reference = taking.find(({ name }) => name === REFERENCE);
  const referenceRounds = reference && rounds.get(reference);
  const standings = [...rounds].map(([{ name }, figures]) => ({
    contender: name,
    figures: summarize(figures),
    ratios: referenceRounds ? ratios(figures, referenceRounds) : null,
    rounds: figures,
  }));
  return { scenario, setting, standings };
}

/**
 * Adds the ratios of scenarios that are compared to another one, if that has run.
 * @param {Result[]} results
 */
export function compareScenarios(results) {
  for (const { scenario, standings } of results) {
    const other = results.find(
      (result) => result.scenario.name === scenario.against,
    );
    for (const standing of standings) {
      const same = other?.standings.find(
        ({ contender }) => contender === standing.contender,
      );
      if (same) standing.beside = ratios(standing.rounds, same.rounds);
    }
  }
}

/** @param {Figures} figures */
function inShort(figures) {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(3))}`)
    .join("  ");
}
