import { describeRetention } from '../../src/cli/retention.ts';
import { ConsentService } from '../../src/consent/index.ts';
import { ensureMonths, runRows, Signal } from '../../src/database/index.ts';
import { eventRow, storeEvents } from '../../src/events/index.ts';
import { writeContacts } from '../../src/engine/sql/write-contacts.ts';
import { newContact } from '../../src/contacts/index.ts';
import { cutsOf } from '../../src/rights/retention/retention.ts';
import { applyRetention, previewRetention } from '../../src/rights/retention/retention.store.ts';
import { beginRetention, retentionRuns, runRetention, stopRetention } from '../../src/rights/retention/run.store.ts';
import { endRequest, registerRequest } from '../../src/rights/requests/requests.store.ts';
import { restrict } from '../../src/rights/restriction/restriction.store.ts';
import type { Library } from '../../src/scenarios/index.ts';
import { monthOf } from '../../src/shared/clock.ts';
import { contactIdOf, derivedId, laneOf } from '../../src/shared/ids.ts';
import { Sequence } from '../../src/shared/sequence.ts';
import { addMessages, readyFor } from '../dispatch/setting.ts';
import { at, DAY, library } from '../engine/factories.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { forgetContacts } from '../support/postgres-run.ts';

const NOW = at('2026-11-24T03:00:00+01:00');
const clock = { now: () => NOW };
const LONG_AGO = at('2021-03-01T10:00:00+01:00');

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 4 });
  // One month that is dropped whole; what else is old lies in the default part.
  await ensureMonths(db.database, at('2023-03-01T12:00:00Z'), at('2023-03-01T12:00:00Z'));
});
afterAll(() => db.close());
beforeEach(async () => {
  await forgetContacts(db.database);
  await rows('TRUNCATE suppression, erased_address, retention_run, inbound_text, rights_request');
});

const rows = <Row>(text: string, values: unknown[] = []): Promise<Row[]> => db.dataSource.query(text, values);
const people = async (): Promise<string[]> =>
  (await rows<{ user_id: string }>('SELECT user_id FROM contact ORDER BY user_id')).map(({ user_id }) => user_id);

async function known(user: string, since = LONG_AGO): Promise<void> {
  const contact = { ...newContact(contactIdOf(user), user, since), email: `${user}@example.com` };
  await runRows(db.database, writeContacts, [contact]);
}

let made = 0;
async function told(user: string, name: string, when: number, fields: object = {}): Promise<void> {
  const contactId = contactIdOf(user);
  const id = derivedId(contactId, 'event', ++made);
  const event = { id, contactId, userId: user, seq: made, type: 'track' as const, name, at: when, receivedAt: when };
  await runRows(db.database, storeEvents, [
    eventRow({ ...event, properties: {}, historical: false, active: true, ...fields }),
  ]);
}

const lib = (written: Record<string, unknown> = {}): Library =>
  library(['scenario: mails\nsteps: { hello: { send: { channel: email, template: a } } }'], {
    purposes: {
      newsletter: { label: 'Newsletter', legalBasis: 'consent' },
      offers: { label: 'Offers', legalBasis: 'soft-opt-in', saleEvents: ['Bought'] },
      friends: { label: 'Friends', legalBasis: 'legitimate-interest', once: true },
    },
    ...written,
  });
const preview = (written?: Record<string, unknown>) => previewRetention(db.database, cutsOf(lib(written), NOW));
const apply = (written?: Record<string, unknown>) =>
  applyRetention(
    db.database,
    cutsOf(lib(written), NOW),
    () => NOW,
    () => Promise.resolve(true),
  );

test('L15: daily opens do not keep a prospect; a click at 2 years and 364 days does', async () => {
  for (const user of ['opens', 'clicked', 'late', 'synced']) await known(user);
  for (let day = 1; day < 300; day += 30) await told('opens', 'Email Opened', NOW - day * DAY, { active: false });
  await told('clicked', 'Email Link Clicked', at('2023-11-25T10:00:00+01:00'));
  await told('late', 'Email Link Clicked', at('2023-11-23T10:00:00+01:00'));
  await told('synced', 'Identified', NOW - DAY, { type: 'identify' });
  const { people: found } = await preview();
  expect(found.prospects).toMatchObject({ count: 3, oldest: LONG_AGO });
  expect([...found.prospects.sample].sort()).toEqual(['late', 'opens', 'synced']);
  expect(await people()).toHaveLength(4);
  expect((await apply()).removed).toMatchObject({ prospects: 3 });
  expect(await people()).toEqual(['clicked']);
});

test('L15: who bought is no prospect, and goes only when the policy has a span for customers', async () => {
  await known('bought');
  await told('bought', 'Bought', at('2023-02-01T10:00:00Z'));
  expect((await preview()).people).toMatchObject({ prospects: { count: 0 }, customers: { count: 0 } });
  const written = { retention: { customers: '3y' } };
  expect((await preview(written)).people).toMatchObject({ prospects: { count: 0 }, customers: { count: 1 } });
  expect((await preview({ retention: { customers: '5y' } })).people.customers.count).toBe(0);
});

test('what the months that go have told of a person is remembered: neither activity nor a sale is forgotten (C9)', async () => {
  await known('active');
  await known('bought');
  await told('active', 'Seen', at('2024-05-01T10:00:00Z'));
  await told('bought', 'Bought', at('2024-05-01T10:00:00Z'));
  await told('bought', 'Seen', at('2024-05-02T10:00:00Z'));
  await told('bought', 'Seen', at('2023-03-02T10:00:00Z'));
  const written = { retention: { events: '1y' } };
  expect((await preview(written)).rows['event']).toMatchObject({ goes: 3, stays: 1, oldest: '2023-03' });
  expect((await apply(written)).removed).toEqual({ event: 3 });
  // A sale is what a soft opt-in rests on (rule C3).
  expect(await rows('SELECT name FROM event')).toEqual([{ name: 'Bought' }]);
  expect(await rows(`SELECT FROM pg_class WHERE relname = 'event_2023_03'`)).toEqual([]);
  expect((await apply(written)).removed).toEqual({});
  expect(await people()).toEqual(['active', 'bought']);
  expect((await preview({ retention: { events: '1y', prospects: '2y' } })).people.prospects.sample).toEqual(['active']);
});

test('C9: a message that a pressure window counts, that waits, or that was a referral’s one message stays', async () => {
  await known('ada', NOW - DAY);
  const old = at('2025-01-10T10:00:00Z');
  const fields = { plannedAt: old, dueAt: old, settledAt: old, countedAt: old, status: 'sent' as const };
  const mail = (n: number, more: object) => ({ ...readyFor('ada', { dueAt: n }), ...fields, ...more });
  await addMessages(db.database, [
    mail(1, {}),
    mail(2, { purpose: 'friends' }),
    mail(3, { status: 'held', settledAt: null, countedAt: null, dueAt: NOW + DAY }),
  ]);
  const written = { retention: { messages: '1y' } };
  const lifetime = {
    ...written,
    pressure: [{ rule: 'ever', scope: {}, window: { lifetime: true }, max: 3, onBlocked: 'drop' }],
  };
  expect((await preview(lifetime)).rows['message']).toMatchObject({ goes: 0, stays: 3 });
  expect((await apply(lifetime)).removed).toEqual({});
  expect((await preview(written)).rows['message']).toMatchObject({ goes: 1, stays: 2 });
  expect((await apply(written)).removed).toEqual({ message: 1 });
  expect(await rows('SELECT purpose, status FROM message ORDER BY status')).toMatchObject([
    { status: 'held' },
    { purpose: 'friends', status: 'sent' },
  ]);
});

test('L10: whoever waits for the answer to a request is kept until it is given', async () => {
  await known('asked');
  const request = { contactId: contactIdOf('asked'), kind: 'export', asker: { origin: 'cli', actor: 'cli' } } as const;
  const { id } = await registerRequest(db.database, request, NOW - DAY, NOW);
  expect((await preview()).people.prospects.count).toBe(0);
  await endRequest(db.database, id, 'answered', request.asker, NOW);
  expect((await preview()).people.prospects.count).toBe(1);
});

test('C9: hashes of numbers that wrote texts go by month too', async () => {
  const arrived = (id: string, when: number) =>
    rows(
      `INSERT INTO inbound_text (month, source, provider_id, word, hash, received_at)
       VALUES ($1, 'gateway', $2, 'other', 'h', to_timestamp($3::float8 / 1000))`,
      [monthOf(when), id, when],
    );
  await arrived('old', at('2023-03-05T10:00:00Z'));
  await arrived('older', at('2021-01-05T10:00:00Z'));
  await arrived('new', NOW - DAY);
  expect((await preview()).rows['inbound_text']).toMatchObject({ goes: 2, stays: 0, oldest: '2021-01' });
  expect((await apply()).removed).toMatchObject({ inbound_text: 2 });
  expect(await rows('SELECT provider_id FROM inbound_text')).toEqual([{ provider_id: 'new' }]);
});

test('L23: a friend who was named and did not answer is removed after the span of referrals; one who answered stays', async () => {
  const signal = new Signal(db.url);
  const consent = new ConsentService(db.database, signal, new Sequence(clock), { now: () => NOW - 40 * DAY });
  const entry = { channel: 'email', purpose: 'friends', action: 'granted' as const, at: NOW - 40 * DAY };
  for (const user of ['silent', 'answered', 'agreed', 'recent']) {
    await known(user, NOW - 40 * DAY);
    const words = { textVersion: null, text: null, ip: null, userAgent: null };
    const referral = { ...entry, ...words, legalBasis: 'legitimate-interest' as const };
    await consent.record(contactIdOf(user), [{ ...referral, source: { kind: 'referral', reference: 'ada' } }]);
    if (user === 'agreed')
      await consent.record(contactIdOf(user), [
        { ...entry, ...words, purpose: 'newsletter', legalBasis: null, source: { kind: 'form', reference: null } },
      ]);
  }
  await signal.close();
  await told('answered', 'Email Link Clicked', NOW - 35 * DAY);
  expect((await preview()).people.referrals.sample.sort()).toEqual(['recent', 'silent']);
  expect((await preview({ retention: { referrals: '60d' } })).people.referrals.count).toBe(0);
  await apply();
  expect(await people()).toEqual(['agreed', 'answered']);
});

test('retention is no objection: the address may come back, unless the person had said no', async () => {
  await known('quiet');
  await known('objected');
  await rows(`INSERT INTO suppression VALUES ($1, $2, '*', 'objection', now())`, [
    laneOf(contactIdOf('objected')),
    contactIdOf('objected'),
  ]);
  await apply();
  expect(await people()).toEqual([]);
  expect(await rows('SELECT FROM rights_request')).toEqual([]);
  // The contact and its address.
  expect(await rows('SELECT FROM erased_address')).toHaveLength(2);
});

test('L12: whoever is restricted is kept, with all they have', async () => {
  await known('frozen');
  await told('frozen', 'Seen', at('2023-02-01T10:00:00Z'));
  await db.database.transaction((sql) => restrict(sql, contactIdOf('frozen'), NOW));
  expect((await apply()).removed).toEqual({});
  expect(await rows('SELECT FROM event')).toHaveLength(1);
});

test('a run is stopped after its batch, and the next goes on; two never run at once', async () => {
  for (let count = 0; count < 30; count++) await known(`person-${count}`);
  const id = await beginRetention(db.database, 'ada', NOW);
  await expect(beginRetention(db.database, 'bob', NOW)).rejects.toThrow('under way');
  let batches = 0;
  const first = await runRetention(db.database, { id, actor: 'ada', library: lib() }, clock, {
    isStopped: () => (batches += 1) === 3,
  });
  expect(first.ended).toBe(false);
  const left = (await people()).length;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(30);

  const next = await beginRetention(db.database, 'bob', NOW);
  expect(await stopRetention(db.database, 'bob', NOW)).toBe(1);
  expect(
    (await runRetention(db.database, { id: next, actor: 'bob', library: lib() }, clock, { isStopped: () => false }))
      .ended,
  ).toBe(false);
  const last = await beginRetention(db.database, 'cyd', NOW);
  await runRetention(db.database, { id: last, actor: 'cyd', library: lib() }, clock, { isStopped: () => false });
  expect(await people()).toEqual([]);
  expect((await retentionRuns(db.database)).map(({ state }) => state).sort()).toEqual(['done', 'stopped', 'stopped']);
  expect((await rows(`SELECT action FROM audit WHERE action LIKE 'retention.%'`)).length).toBe(7);
});

test('what would be removed is told in words, with what stays and why', async () => {
  await known('quiet');
  await told('quiet', 'Seen', at('2023-02-01T10:00:00Z'));
  await told('quiet', 'Bought', at('2023-02-01T10:00:00Z'));
  const text = describeRetention(await preview({ retention: { customers: '3y' } }));
  expect(text).toContain('1  customers; the longest silent since 2023-02-01, such as quiet');
  expect(text).toContain(`1  event rows before ${monthOf(at('2023-11-24T00:00:00Z'))}, from 2023-02 on; 1 stay: sales`);
});
