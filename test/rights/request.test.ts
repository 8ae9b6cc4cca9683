import { Metrics, type Log } from '../../src/http/index.ts';
import { RequestAlarm } from '../../src/rights/requests/alarm.service.ts';
import { dueAfter } from '../../src/rights/requests/request.ts';
import { openRequest, requestId } from '../../src/rights/requests/requests.store.ts';
import { formatInstant } from '../../src/shared/clock.ts';
import { contactIdOf, laneOf } from '../../src/shared/ids.ts';
import { createTestDatabase } from '../support/database.ts';

describe('L10: a request must be answered within a calendar month', () => {
  test.each([
    ['2026-11-24T07:30:00.000Z', '2026-12-24T07:30:00.000Z'],
    ['2026-12-31T23:59:59.999Z', '2027-01-31T23:59:59.999Z'],
    // No such day in the next month: its last.
    ['2027-01-31T10:00:00.000Z', '2027-02-28T10:00:00.000Z'],
    ['2028-01-30T10:00:00.000Z', '2028-02-29T10:00:00.000Z'],
  ])('what comes at %s is due at %s', (received, due) => {
    expect(formatInstant(dueAfter(Date.parse(received)))).toBe(due);
  });

  test('its id tells the lane, and nothing else, of the contact', () => {
    const contact = contactIdOf('ada');
    const [one, two] = [requestId(contact, 'a'), requestId(contact, 'b')];
    expect([laneOf(one), laneOf(two)]).toEqual([laneOf(contact), laneOf(contact)]);
    expect(one).not.toBe(two);
  });
});

test('L10: an open request is an alarm from its 25th day on, in the log and at /metrics', async () => {
  const db = await createTestDatabase({ poolSize: 2 });
  try {
    const received = Date.parse('2026-11-01T10:00:00Z');
    const contact = contactIdOf('ada');
    const asker = { origin: 'api', actor: 'ada@example.com' } as const;
    await openRequest(
      db.database,
      { contactId: contact, kind: 'export', asker, id: requestId(contact, contactIdOf('x')) },
      received,
    );
    const warned: object[] = [];
    const quiet = (): void => {};
    const log = { error: quiet, info: quiet, debug: quiet, trace: quiet, warn: (what: object) => warned.push(what) };
    const metrics = new Metrics();
    const clock = { at: 0, now: () => clock.at };
    const alarm = new RequestAlarm(db.database, metrics, clock, log as unknown as Log);
    const lookAfter = async (days: number): Promise<void> => {
      clock.at = received + days * 86_400_000;
      await alarm.look();
    };
    await lookAfter(24.99);
    expect(warned).toEqual([]);
    await lookAfter(25);
    expect(warned).toEqual([{ open: 1, late: 1, overdue: 0 }]);
    expect(await metrics.registry.metrics()).toContain('relance_rights_requests{age="late"} 1');
    await lookAfter(31);
    expect(warned.at(-1)).toEqual({ open: 1, late: 1, overdue: 1 });
  } finally {
    await db.close();
  }
});
