import { setTimeout as delay } from 'node:timers/promises';
import { contactIdOf } from '../src/shared/ids.ts';
import { below, mustBe, type Figure } from './figure.ts';
import { connected } from './server.ts';
import { startService } from './service.ts';
import { quantile } from './side-by-side.ts';
import { addSubscribers } from './subscribers.ts';
import { connections, post, subscription, userOf } from './traffic.ts';

const PER_SECOND = 500;
const WARM_UP = 2 * PER_SECOND;
const EVENTS = 10 * PER_SECOND;
/** As many connections as a backend keeps; an event waits for a free one, and that wait counts. */
const CONNECTIONS = 32;
const PATIENCE_MS = 10_000;

/** Tells on commit which contacts have been judged: nothing has to ask, and nothing is seen before it is durable. */
const TELL = `
  CREATE FUNCTION bench_judged() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('bench_judged', string_agg(part.contact_id::text, ' '))
    FROM (SELECT contact_id, (row_number() OVER () - 1) / 150 AS number FROM judged) part GROUP BY part.number;
    RETURN NULL;
  END $$;
  CREATE TRIGGER bench_judged AFTER INSERT ON decision REFERENCING NEW TABLE AS judged
    FOR EACH STATEMENT EXECUTE FUNCTION bench_judged()`;

/**
 * Milliseconds from the instant at which an event is to be sent until its message is planned, judged and committed, at
 * 500 single events a second, evenly spaced and whatever the answers take.
 */
export const latency: Figure = async (bench) => {
  const server = await bench.server();
  const url = await server.createDatabase();
  const service = await startService(url, 'api,engine');
  await addSubscribers(url, WARM_UP + EVENTS);
  const judged = new Map<string, number>();
  const due = new Map<string, number>();
  await connected(url, async (client) => {
    await client.query(TELL);
    client.on('notification', ({ payload }) => {
      const now = performance.now();
      for (const contact of payload!.split(' ')) judged.set(contact, now);
    });
    await client.query('LISTEN bench_judged');
    await send(service.url, due);
    const sent = performance.now();
    while (judged.size < WARM_UP + EVENTS && performance.now() - sent < PATIENCE_MS) await delay(20);
  });
  await service.stop();
  mustBe('messages judged', judged.size, WARM_UP + EVENTS);
  const took = [...due].slice(WARM_UP).map(([contact, at]) => judged.get(contact)! - at);
  const [p50, p99] = [quantile(took, 0.5), quantile(took, 0.99)];
  return [
    { figure: 'latency p50', value: p50, unit: 'ms' },
    { figure: 'latency p99', value: p99, unit: 'ms', aim: below(p99, 300, 'ms') },
  ];
};

/** Notes for each contact when its event was to be sent. */
async function send(address: string, due: Map<string, number>): Promise<void> {
  const agent = connections(CONNECTIONS);
  const bodies = Array.from({ length: WARM_UP + EVENTS }, (_, number) =>
    Buffer.from(JSON.stringify(subscription(number))),
  );
  const answers: Promise<void>[] = [];
  const started = performance.now();
  for (const [number, body] of bodies.entries()) {
    const at = started + (number * 1000) / PER_SECOND;
    if (at > performance.now()) await delay(at - performance.now());
    due.set(contactIdOf(userOf(number)), at);
    answers.push(post(agent, `${address}/v1/track`, body));
  }
  await Promise.all(answers);
  agent.destroy();
}
