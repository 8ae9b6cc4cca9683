import { copyRows } from './copy-rows.ts';
import { atLeast, mustBe, shareOf, type Figure } from './figure.ts';
import { query } from './server.ts';
import { startService } from './service.ts';
import { addSubscribers, countOf, untilInboxEmpty } from './subscribers.ts';
import { batches, postAll } from './traffic.ts';

const EVENTS = 50_000;
const WARM_UP = 5_000;
const BATCH = 100;
const CONNECTIONS = 4;
/** What a tick of the engine takes at most. */
const TRANSACTION = 1_000;

/**
 * Events a second from HTTP until the machine's state and the planned and judged message are committed: distinct
 * contacts, the welcome programme, a 7-day ceiling, consent checked; until nothing is left to take. Against `floor`,
 * which writes the same rows with set-based SQL and no logic.
 */
export const journey: Figure = async (bench) => {
  const server = await bench.server();
  const url = await server.createDatabase();
  const service = await startService(url, 'api,engine');
  await addSubscribers(url, WARM_UP + EVENTS);
  const route = `${service.url}/v1/batch`;
  const bodies = batches(WARM_UP, WARM_UP + EVENTS, BATCH);
  await postAll(route, batches(0, WARM_UP, BATCH), CONNECTIONS);
  await untilInboxEmpty(url);

  const started = performance.now();
  await postAll(route, bodies, CONNECTIONS);
  await untilInboxEmpty(url);
  const took = performance.now() - started;
  await service.stop();
  await mustHaveHappened(url, WARM_UP + EVENTS);

  const empty = await server.createDatabase();
  await (await startService(empty, 'api')).stop();
  const rows = ['event', 'enrollment', 'message', 'decision'];
  const floor = await copyRows(url, empty, rows, TRANSACTION);
  const value = (EVENTS / took) * 1000;
  const reference = { label: 'floor', value: ((WARM_UP + EVENTS) / floor) * 1000 };
  const [speed, share] = [atLeast(value, 6_000), shareOf(value, reference, 0.25)];
  const aim = { text: `${speed.text} and ${share.text}`, met: speed.met && share.met };
  return [{ figure: 'journey', value, unit: 'events/s', reference, aim }];
};

/** Everybody waits in the programme, with one mail that has passed every gate. */
async function mustHaveHappened(url: string, contacts: number): Promise<void> {
  // Without statistics of what has just been written, the join below is planned as a loop over all of it.
  await query(url, 'ANALYZE message, decision');
  const [states] = await query<{ count: number }>(
    url,
    `SELECT count(*)::int AS count FROM enrollment WHERE state->>'value' = 'hello' AND ended_at IS NULL`,
  );
  mustBe('enrollments', states!.count, contacts);
  const [ready] = await query<{ count: number }>(
    url,
    `SELECT count(*)::int AS count FROM message JOIN decision ON decision.message_id = message.id
     WHERE message.status = 'ready' AND decision.verdict = 'send' AND jsonb_array_length(decision.gates) = 6`,
  );
  mustBe('messages judged', ready!.count, contacts);
  mustBe('decisions', await countOf(url, 'decision'), contacts);
}
