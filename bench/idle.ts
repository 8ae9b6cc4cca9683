import { setTimeout as delay } from 'node:timers/promises';
import { below, type Figure } from './figure.ts';
import { startService, type Service } from './service.ts';
import { addContacts, untilHandedOver, untilInboxEmpty } from './subscribers.ts';
import { batches, consents, postAll } from './traffic.ts';

/** A service that has worked, not one that has just begun. */
const EVENTS = 500;
/** The collector gives back what the work took once, half a minute to a minute after it; until then it is not rest yet. */
const SETTLE_MS = 90_000;
const GIVEN_BACK = 0.9;
const WATCH_MS = 20_000;

/** The share of one core and the memory that the whole service, all roles, takes while nothing happens. */
export const idle: Figure = async (bench) => {
  const server = await bench.server();
  const url = await server.createDatabase();
  const service = await startService(url, 'all');
  await addContacts(url, EVENTS);
  // By the ledger, which is checked at rest and says so where a state has no proof.
  await postAll(`${service.url}/v1/consent`, consents(EVENTS), 4);
  await postAll(`${service.url}/v1/batch`, batches(0, EVENTS, 100), 4);
  await untilInboxEmpty(url);
  await untilHandedOver(url);
  await untilGivenBack(service);
  const [before, started] = [await service.usage(), performance.now()];
  await delay(WATCH_MS);
  const [after, ended] = [await service.usage(), performance.now()];
  await service.stop();
  const share = ((after.cpu - before.cpu) / (ended - started)) * 100;
  const memory = after.memory / 1_000_000;
  return [
    { figure: 'idle CPU', value: share, unit: '%', aim: below(share, 2, '%') },
    { figure: 'idle memory', value: memory, unit: 'MB', aim: below(memory, 250, 'MB') },
  ];
};

/** Resolves when the memory that the work took has been given back, or will not be. */
async function untilGivenBack(service: Service): Promise<void> {
  const { memory } = await service.usage();
  const ended = performance.now() + SETTLE_MS;
  while (performance.now() < ended && (await service.usage()).memory > memory * GIVEN_BACK) await delay(1_000);
  // It comes in several steps.
  await delay(10_000);
}
