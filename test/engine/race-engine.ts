// One engine of the race: as a child process of its own (`race-engine.ts <url> <clock skew in ms>`), or as a loop in the test.
import { connect, createDataSource, Database } from '../../src/database/index.ts';
import { PostgresWorld } from '../../src/engine/postgres-world.store.ts';
import { tick } from '../../src/engine/tick.ts';
import type { Library } from '../../src/scenarios/index.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { library } from './factories.ts';

/** Windows longer than the clocks are apart, so that what one engine counts lies ahead of another's time. */
export const RULES = [
  { rule: 'burst', window: { rolling: 'PT0.8S' }, max: 3, onBlocked: { hold: '1h' } },
  { rule: 'gap', scope: { channels: ['sms'] }, window: { gap: 'PT0.2S' }, onBlocked: { hold: '1h' } },
  { rule: 'day', scope: { channels: ['email'] }, window: { calendar: 'day' }, max: 9, onBlocked: 'drop' },
  { rule: 'ever', scope: { scenarios: ['texts'] }, window: { lifetime: true }, max: 5, onBlocked: 'drop' },
];

/** Enters each event by its number `n`; `trace` writes down the order in which events were taken. */
export function raceLibrary(): Library {
  const keyed = (name: string, channel: string, template: string): string =>
    `scenario: ${name}\ntrigger: { event: Offer }\nkey: properties.n\nexit: [{ event: Stop }]\nsteps: { hello: { send: { channel: ${channel}, template: ${template} } } }`;
  const trace =
    'scenario: trace\ntrigger: { event: Offer }\nreentry: always\nsteps: { note: { set: { trail: "{{contact.trail}} {{event.n}}" } } }';
  return library([keyed('mails', 'email', 'mail-a'), keyed('texts', 'sms', 'text-a'), trace], { pressure: RULES });
}

/** Ticks until told to stop, by a clock that is wrong by `skew`. Few lanes and items, so that the loops meet. */
export async function raceLoop(database: Database, skew: number, stopped: () => boolean): Promise<number> {
  const world = new PostgresWorld(database);
  const lib = raceLibrary();
  let taken = 0;
  while (!stopped()) {
    const now = await tick(world, lib, systemClock.now() + skew, { items: 8, lanes: 2 });
    taken += now;
    if (now === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return taken;
}

const [, script, url, skew] = process.argv;
if (script?.endsWith('race-engine.ts') && url !== undefined) {
  const dataSource = createDataSource({ url, poolSize: 1 });
  await connect(dataSource);
  let stop = false;
  process.on('SIGTERM', () => (stop = true));
  process.stdout.write('at work\n');
  process.stdout.write(`taken ${await raceLoop(new Database(dataSource), Number(skew), () => stop)}\n`);
  await dataSource.destroy();
}
