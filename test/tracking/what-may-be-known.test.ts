import type { Clock } from '../../src/shared/clock.ts';
import type { LibraryService } from '../../src/scenarios/index.ts';
import { monthOf } from '../../src/shared/clock.ts';
import { contactIdOf, laneOf } from '../../src/shared/ids.ts';
import { Sequence } from '../../src/shared/sequence.ts';
import { HitJudge } from '../../src/tracking/hit-judge.service.ts';
import { HitRecorder } from '../../src/tracking/hit-recorder.service.ts';
import { library } from '../dispatch/setting.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const SENT = Date.parse('2026-03-02T09:00:00Z');
const HOUR = 3_600_000;
const MONTH = monthOf(SENT);

const law = library({
  senders: { brand: { email: 'Brand <hello@example.com>' }, outlet: { email: 'Outlet <hello@outlet.example>' } },
  brands: {
    main: { label: 'Brand', senders: ['brand'] },
    cheap: { label: 'Outlet', senders: ['outlet'] },
  },
});

let db: TestDatabase;
let now = SENT + HOUR;
const clock: Clock = { now: () => now };
const published = { current: () => Promise.resolve(law) } as unknown as LibraryService;
let recorder: HitRecorder;
let judge: HitJudge;
beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
  recorder = new HitRecorder(db.database, published, clock);
  const signal = { wake: () => undefined } as never;
  judge = new HitJudge(db.database, signal, new Sequence(clock), published, clock);
});
afterAll(() => db.close());

const rows = <Row>(text: string, values: unknown[]): Promise<Row[]> => db.dataSource.query(text, values);

/** Somebody who agrees to open tracking by one brand and was sent a mail of each. */
async function person(userId: string): Promise<{ contactId: string; mail: Record<'brand' | 'outlet', string> }> {
  const contactId = contactIdOf(userId);
  const lane = laneOf(contactId);
  await rows(`INSERT INTO contact (lane, id, user_id, created_at) VALUES ($1, $2, $3, to_timestamp(0))`, [
    lane,
    contactId,
    userId,
  ]);
  await rows(
    `INSERT INTO consent_state (lane, contact_id, channel, purpose, brand, state, at)
     VALUES ($1, $2, 'email', 'open-tracking', 'main', 'granted', to_timestamp(0))`,
    [lane, contactId],
  );
  const mail = { brand: '', outlet: '' };
  for (const sender of ['brand', 'outlet'] as const) {
    const [message] = await rows<{ id: string }>(
      `INSERT INTO message (lane, month, id, contact_id, enrollment_id, scenario_id, scenario_version, programme, step, channel, template,
         template_version, category, purpose, priority, sender, needs_consent, subject_to, counts_toward, data, status, planned_at, due_at, settled_at, judged, attempts)
       VALUES ($1, $2, (substr($3::text, 1, 2) || substr(gen_random_uuid()::text, 3))::uuid, $3::uuid, gen_random_uuid(), 's', 1, 'p', 'x', 'email', 't',
         1, 'marketing', 'newsletter', 50, $4, true, true, true, '{}', 'sent', to_timestamp($5::float8 / 1000), to_timestamp($5::float8 / 1000), to_timestamp($5::float8 / 1000), 1, 1)
       RETURNING id`,
      [lane, MONTH, contactId, sender, SENT],
    );
    mail[sender] = message!.id;
  }
  return { contactId, mail };
}

const hit = (contactId: string, messageId: string, kind: 'click' | 'open'): Promise<void> =>
  recorder.record({ contactId, messageId, month: MONTH, url: 'https://www.example.com/' }, kind, null);
const hitsOf = (contactId: string): Promise<{ kind: string; verdict: string }[]> =>
  rows('SELECT kind, verdict FROM hit WHERE contact_id = $1 ORDER BY at', [contactId]);
const eventsOf = (contactId: string): Promise<{ name: string; active: boolean; properties: object }[]> =>
  rows('SELECT name, active, properties FROM event WHERE contact_id = $1 ORDER BY seq', [contactId]);
/** Lets the hits that wait be judged. */
async function judged(): Promise<void> {
  now += 10_000;
  await judge.judge();
}

test('C7: consent to one brand’s open tracking tells nothing of another’s mails', async () => {
  const { contactId, mail } = await person('branded');
  await hit(contactId, mail.outlet, 'open');
  expect(await hitsOf(contactId)).toEqual([]);
  await hit(contactId, mail.brand, 'open');
  await judged();
  expect(await hitsOf(contactId)).toEqual([{ kind: 'open', verdict: 'person' }]);
});

test('L8, C7: whoever objects is not profiled: an old mail’s pixel is blind, also between the opening and its judgement', async () => {
  const { contactId, mail } = await person('objects');
  await hit(contactId, mail.brand, 'open');
  const objection = `INSERT INTO suppression (lane, contact_id, channel, reason, at) VALUES ($1, $2, '*', 'objection', to_timestamp(0))`;
  await rows(objection, [laneOf(contactId), contactId]);
  await hit(contactId, mail.brand, 'open');
  await judged();
  expect(await hitsOf(contactId)).toEqual([]);
  expect(await eventsOf(contactId)).toEqual([]);
});

test('L12: while somebody is restricted, a pixel finds nothing out; a click is kept as what arrives', async () => {
  const { contactId, mail } = await person('frozen');
  await rows('INSERT INTO restriction (lane, contact_id, at) VALUES ($1, $2, to_timestamp(0))', [
    laneOf(contactId),
    contactId,
  ]);
  await hit(contactId, mail.brand, 'open');
  await hit(contactId, mail.brand, 'click');
  expect(await hitsOf(contactId)).toEqual([{ kind: 'click', verdict: 'pending' }]);
});

test('L9: the links of whoever was erased lead on and leave no trace, also once the user id has come back', async () => {
  const { contactId, mail } = await person('erased');
  const lane = laneOf(contactId);
  for (const table of ['message', 'consent_state'])
    await rows(`DELETE FROM ${table} WHERE lane = $1 AND contact_id = $2`, [lane, contactId]);
  await rows('DELETE FROM contact WHERE lane = $1 AND id = $2', [lane, contactId]);
  await hit(contactId, mail.brand, 'click');
  await hit(contactId, mail.brand, 'open');
  expect(await hitsOf(contactId)).toEqual([]);
  await rows(`INSERT INTO contact (lane, id, user_id, created_at) VALUES ($1, $2, 'erased', to_timestamp(0))`, [
    lane,
    contactId,
  ]);
  await rows(
    `INSERT INTO suppression (lane, contact_id, channel, reason, at) VALUES ($1, $2, '*', 'erased', to_timestamp(0))`,
    [lane, contactId],
  );
  await hit(contactId, mail.brand, 'click');
  expect(await hitsOf(contactId)).toEqual([]);
});

test('L15: a click on a mail that is no longer kept is a sign of life, and an opening of it nothing', async () => {
  const { contactId, mail } = await person('faithful');
  await rows('DELETE FROM message WHERE lane = $1 AND contact_id = $2', [laneOf(contactId), contactId]);
  await hit(contactId, mail.brand, 'open');
  await hit(contactId, mail.brand, 'click');
  await judged();
  expect(await eventsOf(contactId)).toEqual([
    {
      name: 'Email Link Clicked',
      active: true,
      properties: { messageId: mail.brand, url: 'https://www.example.com/', machine: false },
    },
  ]);
  expect(await hitsOf(contactId)).toEqual([{ kind: 'click', verdict: 'person' }]);
});
