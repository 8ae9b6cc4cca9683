import type { Database } from '../../../src/database/index.ts';
import { laneOf } from '../../../src/shared/ids.ts';
import type { VirtualClock } from '../../../src/shared/clock.ts';
import { Sequence } from '../../../src/shared/sequence.ts';
import type { Report } from '../../../src/tracking/returns/report.ts';
import { Returns } from '../../../src/tracking/returns/returns.service.ts';
import type { Message } from '../../../src/gate/index.ts';
import { library } from '../../dispatch/setting.ts';
import { suppressedAddresses } from '../../support/suppressed.ts';

export const SECRET = 'a-secret-of-the-tests-only';

export function returnsOn(database: Database, clock: VirtualClock, law = library()): Returns {
  return new Returns({
    database,
    clock,
    sequence: new Sequence(clock),
    signal: { wake: () => undefined } as never,
    library: () => Promise.resolve(law),
    secret: SECRET,
  });
}

/** A report about a message, as an adapter would make it. */
export const about = (message: Message, fields: Partial<Report> = {}): Report =>
  ({
    kind: 'bounced',
    meaning: 'hard',
    status: '5.1.1',
    reason: 'user unknown',
    source: 'test',
    channel: message.channel,
    at: 0,
    messageId: message.id,
    providerId: null,
    recipient: null,
    mark: null,
    ...fields,
  }) as Report;

const rows = async (database: Database, name: string, text: string): Promise<Record<string, unknown>[]> =>
  database.run<Record<string, unknown>>({ name, text });

/** All that a return can change, of everybody. */
export async function effects(database: Database) {
  const [messages, suppressions, entries, events, pauses, returns] = [
    await rows(
      database,
      'test-returned',
      'SELECT id, status, delivered_at AS "deliveredAt", bounced_at AS "bouncedAt", counted_at AS "countedAt" FROM message ORDER BY id',
    ),
    await suppressedAddresses(database, ['ada@example.com', 'new@example.com', 'forwarded@example.net']),
    await rows(
      database,
      'test-entries',
      `SELECT purpose, action, source_kind AS "sourceKind" FROM consent_entry e JOIN contact c ON c.lane = e.lane AND c.id = e.contact_id WHERE action <> 'granted'`,
    ),
    await rows(database, 'test-events', `SELECT name, active, properties->>'bounce' AS bounce FROM event ORDER BY seq`),
    await rows(database, 'test-paused', 'SELECT channel, reason FROM channel_pause'),
    await rows(database, 'test-returns', 'SELECT kind FROM message_return ORDER BY at, kind'),
  ];
  return { messages, suppressions, entries, events, pauses, returns };
}

export async function markSent(database: Database, { id }: Message): Promise<void> {
  await database.run(
    {
      name: 'test-mark-sent',
      text: `UPDATE message SET status = 'sent', attempts = 1, settled_at = planned_at, counted_at = planned_at WHERE lane = $1 AND id = $2`,
    },
    [laneOf(id), id],
  );
}

export async function clearReturns(database: Database): Promise<void> {
  for (const table of ['event', 'message_return', 'delivery_count', 'breaker', 'inbound_text'])
    await database.run({ name: `test-clear-${table}`, text: `DELETE FROM ${table}` });
}
