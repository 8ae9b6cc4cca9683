import { copyRows } from './copy-rows.ts';
import { atLeast, mustBe, type Figure } from './figure.ts';
import { startService } from './service.ts';
import { countOf } from './subscribers.ts';
import { batches, postAll } from './traffic.ts';

const EVENTS = 60_000;
const WARM_UP = 10_000;
const BATCH = 100;
const CONNECTIONS = 4;
/** What the service puts into one statement at most. */
const STATEMENT = 1_000;

/** Events a second over HTTP, committed, against the same rows by raw multi-row INSERTs. No engine runs beside it. */
export const ingest: Figure = async (bench) => {
  const server = await bench.server();
  const url = await server.createDatabase();
  const service = await startService(url, 'api');
  const bodies = batches(WARM_UP, WARM_UP + EVENTS, BATCH);
  const route = `${service.url}/v1/batch`;
  await postAll(route, batches(0, WARM_UP, BATCH), CONNECTIONS);
  const took = await postAll(route, bodies, CONNECTIONS);
  await service.stop();
  mustBe('events stored', await countOf(url, 'event'), WARM_UP + EVENTS);

  const empty = await server.createDatabase();
  await (await startService(empty, 'api')).stop();
  const raw = await copyRows(url, empty, ['event', 'inbox'], STATEMENT);
  mustBe('events copied', await countOf(empty, 'event'), WARM_UP + EVENTS);
  const value = (EVENTS / took) * 1000;
  return [
    {
      figure: 'ingest',
      value,
      unit: 'events/s',
      reference: { label: 'raw INSERT', value: ((WARM_UP + EVENTS) / raw) * 1000 },
      aim: atLeast(value, 15_000),
    },
  ];
};
