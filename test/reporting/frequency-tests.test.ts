import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Sql } from '../../src/database/index.ts';
import { sideOf, type Side } from '../../src/gate/index.ts';
import type { Figure } from '../../src/reporting/frequency-test/figures.ts';
import { frequencyTestResults, frequencyTests, resultsText, runsText } from '../../src/reporting/index.ts';
import { LibraryService, PublishService, readyLibrary } from '../../src/scenarios/index.ts';
import { contactIdOf, laneOf } from '../../src/shared/ids.ts';
import { writeFolder } from '../rehearsal/people.ts';
import { PostgresRun } from '../support/postgres-run.ts';
import { relance } from '../support/relance.ts';
import { ADMIN, basic, startService, WRITE_KEY, type TestService } from '../support/service.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Monday 9 March 2026, midnight in Paris. */
const FROM = Date.parse('2026-03-08T23:00:00Z');
const UNTIL = FROM + 14 * DAY;

const policy = (test: string): string => `timezone: Europe/Paris
country: FR
senders: { brand: { email: "Relance <hello@example.com>", address: "1 rue de la Paix, 75002 Paris" } }
purposes:
  newsletter: { label: Newsletter, legalBasis: consent }
  account: { label: Account, legalBasis: contract }
  open-tracking: { label: Openings, legalBasis: consent }
pressure:
  - { rule: weekly, scope: { categories: [marketing] }, window: { rolling: 7d }, max: 4 }
${test}`;
const TEST = (share: string): string => `frequencyTest:
  id: fewer-mails
  from: 2026-03-09
  until: 2026-03-23
  share: ${share}
  pressure:
    - { rule: weekly, scope: { categories: [marketing] }, window: { rolling: 7d }, max: 2 }
`;
const scenario = (id: string, event: string, category: string, purpose: string, more = ''): string => `scenario: ${id}
programme: news
name: ${id}
objective: Tell the news
stage: active
owner: crm@example.com
category: ${category}
purpose: ${purpose}
sender: brand
trigger: { event: ${event} }
reentry: always
${more}steps:
  tell: { send: { channel: email, template: hello } }
`;
const FILES = {
  'scenarios/policy.yaml': policy(TEST('50%')),
  'scenarios/daily-news.yaml': scenario('daily-news', 'News', 'marketing', 'newsletter'),
  'scenarios/your-receipt.yaml': scenario('your-receipt', 'Paid', 'transactional', 'account'),
  'scenarios/first-order.yaml': scenario(
    'first-order',
    'Asked',
    'marketing',
    'newsletter',
    'goal: { event: Ordered }\n',
  ).replace('tell: { send: { channel: email, template: hello } }', 'rest: { wait: 30d }'),
  'templates/hello/email.html.hbs': 'Hello <a href="{{links.unsubscribe}}">Unsubscribe</a>',
  'templates/hello/meta.yaml': 'subject: Hello\npreheader: Hello\n',
};

const users = (side: Side, count: number): string[] =>
  Array.from({ length: 60 }, (_, index) => `user-${index}`)
    .filter((user) => sideOf({ id: 'fewer-mails', share: 0.5 }, contactIdOf(user)) === side)
    .slice(0, count);
const BASE = users('base', 6);
const VARIANT = users('variant', 5);
/** One of the variant's side is erased in the end, and is of no side then. */
const [ERASED] = VARIANT.slice(-1) as [string];

let service: TestService;
let run: PostgresRun;
let publisher: PublishService;
let folder: string;
const sql = (): Sql => service.db.database;
const query = (text: string, values: unknown[]): Promise<unknown[]> => service.db.dataSource.query(text, values);

beforeAll(async () => {
  folder = await writeFolder(FILES);
  service = await startService();
  publisher = new PublishService(service.db.database);
  const places = { scenariosDir: path.join(folder, 'scenarios'), templatesDir: path.join(folder, 'templates') };
  await publisher.publish(await publisher.plan((await readyLibrary(places)).files), FROM - 3 * DAY);
  const library = await new LibraryService(service.db.database, { now: () => FROM - 3 * DAY }).current();
  run = new PostgresRun(service.db.database, library, FROM - 2 * DAY);
  const all = [...BASE, ...VARIANT, 'silent'];
  for (const user of all) {
    await run.identify(user, { email: `${user}@example.com`, country: 'FR' });
    await run.consent(user, 'granted');
    await run.consent(user, 'granted', 'email', 'open-tracking');
  }
  // Before it begins: in nobody's results, and out of the windows of what follows.
  await run.track(BASE[0]!, 'News');
  await run.settleInstant();
  for (let day = 7; day < 12; day += 1) {
    await run.runUntil(FROM + day * DAY + 10 * HOUR);
    for (const user of [...BASE, ...VARIANT]) await run.track(user, 'News');
    if (day === 8) await run.track('silent', 'Paid');
    await run.settleInstant();
  }
  for (const user of [BASE[0]!, BASE[1]!, VARIANT[0]!]) await run.hit(user, 'click', 'hello');
  await run.consent(BASE[0]!, 'withdrawn');
  await run.consent(BASE[1]!, 'withdrawn', 'email', 'open-tracking');
  for (const user of [BASE[3]!, VARIANT[1]!]) await run.track(user, 'Asked');
  await run.settleInstant();
  await run.runUntil(FROM + 12 * DAY);
  for (const user of [BASE[3]!, VARIANT[1]!]) await run.track(user, 'Ordered');
  await run.settleInstant();
  await complaint(BASE[4]!);
  await stop(BASE[2]!);
  await held(VARIANT[2]!, 2);
  // After its end.
  await run.runUntil(UNTIL + HOUR);
  await run.consent(VARIANT[0]!, 'withdrawn');
  await run.track(VARIANT[0]!, 'News');
  await run.settleInstant();
  await query('DELETE FROM contact WHERE lane = $1 AND id = $2', [laneOf(contactIdOf(ERASED)), contactIdOf(ERASED)]);
}, 120_000);
afterAll(async () => {
  await service?.close();
  await rm(folder, { recursive: true });
});

/** What a provider reports of the first mail. */
async function complaint(user: string): Promise<void> {
  const id = contactIdOf(user);
  await query(
    `INSERT INTO message_return (lane, month, message_id, kind, contact_id, mark, at, source, reason)
     SELECT lane, month, id, 'complaint', contact_id, '', to_timestamp($3::float8 / 1000), 'test', ''
     FROM message WHERE lane = $1 AND contact_id = $2 AND status = 'sent' ORDER BY planned_at DESC LIMIT 1`,
    [laneOf(id), id, FROM + 12 * DAY],
  );
}

/** What a STOP leaves in the ledger. */
async function stop(user: string): Promise<void> {
  const id = contactIdOf(user);
  await query(
    `INSERT INTO consent_entry (lane, contact_id, ordinal, recorded_at, at, channel, purpose, action, source_kind, previous_hash, hash)
     VALUES ($1, $2, 100, to_timestamp($3::float8 / 1000), to_timestamp($3::float8 / 1000), 'sms', 'newsletter', 'withdrawn', 'sms-stop', '', '')`,
    [laneOf(id), id, FROM + 12 * DAY],
  );
}

/** So many judgements that held one message of somebody. */
async function held(user: string, times: number): Promise<void> {
  const id = contactIdOf(user);
  await query(
    `INSERT INTO decision (lane, month, message_id, ordinal, contact_id, at, verdict, gate, rule, policy_version, gates)
     SELECT lane, month, id, 100 + n, contact_id, to_timestamp($3::float8 / 1000), 'hold', 'pressure', 'weekly', 1, '[]'
     FROM (SELECT * FROM message WHERE lane = $1 AND contact_id = $2 AND status = 'sent' LIMIT 1) m, generate_series(1, $4::int) n`,
    [laneOf(id), id, FROM + 12 * DAY, times],
  );
}

const figure = (figures: readonly Figure[], name: string, rule: string | null = null): Figure =>
  figures.find((each) => each.figure === name && each.rule === rule)!;

test('D6: every decision of the time names the side, by whose rules it was made', async () => {
  const sides = async (user: string): Promise<string[]> =>
    (await run.of(user)).decisions
      .sort((a, b) => a.at - b.at)
      .map(({ gates, verdict }) => `${verdict} ${gates.find(({ gate }) => gate === 'pressure')?.test?.side}`);
  expect((await sides(BASE[5]!)).join(', ')).toBe('send base, send base, send base, send base, block base');
  expect((await sides(VARIANT[3]!)).join(', ')).toBe(
    'send variant, send variant, block variant, block variant, block variant',
  );
  expect((await sides(VARIANT[0]!)).at(-1)).toBe('block undefined');
});

describe('what came of a test, counted by hand', () => {
  test('contacts, messages a contact, deeds and rules by side', async () => {
    const results = await frequencyTestResults(sql(), 'fewer-mails', UNTIL + DAY);
    expect(results).toMatchObject({
      state: 'over',
      from: FROM,
      until: UNTIL,
      countedUntil: UNTIL,
      share: 0.5,
      policyVersions: [1],
      // Nobody is counted who only had a message that pressure never holds back, nor who is gone.
      contacts: { base: 6, variant: 4, moved: 0 },
    });
    const { figures } = results;
    expect(figures.map((each) => [each.figure, each.rule])).toEqual([
      ['sent', null],
      ['clicked', null],
      ['unsubscribed', null],
      ['complained', null],
      ['stopped', null],
      ['converted', null],
      ['blocked', 'weekly'],
      ['held', 'weekly'],
    ]);
    // Each of the base's side was sent four of five, each of the variant's two: no spread at all.
    expect(figure(figures, 'sent')).toEqual({
      figure: 'sent',
      rule: null,
      base: { contacts: 6, messages: 24, rate: { value: 4, low: 4, high: 4 } },
      variant: { contacts: 4, messages: 8, rate: { value: 2, low: 2, high: 2 } },
      difference: { value: -2, low: -2, high: -2, beyondChance: true },
    });
    const contacts = (name: string, rule: string | null = null) => {
      const { base, variant } = figure(figures, name, rule);
      return [base.contacts, base.messages, variant.contacts, variant.messages];
    };
    expect(contacts('clicked')).toEqual([2, null, 1, null]);
    // Consent to tracking is no consent to messages, and what came after the end is not counted.
    expect(contacts('unsubscribed')).toEqual([1, null, 0, null]);
    expect(contacts('complained')).toEqual([1, null, 0, null]);
    expect(contacts('stopped')).toEqual([1, null, 0, null]);
    expect(contacts('converted')).toEqual([1, null, 1, null]);
    expect(contacts('blocked', 'weekly')).toEqual([6, 6, 4, 12]);
    expect(contacts('held', 'weekly')).toEqual([0, 0, 1, 1]);
    // 2 of 6 and 1 of 4: score intervals 0.0968 to 0.7000 and 0.0456 to 0.6994; the difference by both (method 10).
    expect(figure(figures, 'clicked')).toMatchObject({
      base: { rate: { value: 1 / 3, low: expect.closeTo(0.0968, 3), high: expect.closeTo(0.7, 3) } },
      variant: { rate: { value: 0.25, low: expect.closeTo(0.0456, 3), high: expect.closeTo(0.6994, 3) } },
      difference: {
        value: expect.closeTo(-0.0833, 3),
        low: expect.closeTo(-0.5035, 3),
        high: expect.closeTo(0.4244, 3),
        beyondChance: false,
      },
    });
  });

  test('while it runs, until now; before it has begun, of nobody', async () => {
    const running = await frequencyTestResults(sql(), 'fewer-mails', FROM + 9 * DAY);
    expect(running).toMatchObject({
      state: 'running',
      countedUntil: FROM + 9 * DAY,
      contacts: { base: 6, variant: 4 },
    });
    expect(figure(running.figures, 'sent')).toMatchObject({ base: { messages: 12 }, variant: { messages: 8 } });
    expect(await frequencyTestResults(sql(), 'fewer-mails', FROM - DAY)).toMatchObject({
      state: 'planned',
      contacts: { base: 0, variant: 0 },
      figures: expect.arrayContaining([
        expect.objectContaining({ figure: 'sent', difference: null, base: { contacts: 0, messages: 0, rate: null } }),
      ]),
    });
  });

  test('it takes as many statements, whatever the size of the base', async () => {
    const ran: string[] = [];
    const counted: Sql = {
      run: (statement, values) => {
        ran.push(statement.name);
        return sql().run(statement, values);
      },
    };
    await frequencyTestResults(counted, 'fewer-mails', UNTIL);
    expect(ran).toHaveLength(4);
  });
});

const get = async (route: string, authorization = basic(ADMIN.email, ADMIN.password)) => {
  const response = await fetch(`${service.url}/api/frequency-tests${route}`, { headers: { authorization } });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: (await response.json()) as object,
  };
};

describe('over HTTP and on the command line', () => {
  test('the list, and one with its results', async () => {
    expect(await get('')).toMatchObject({
      status: 200,
      body: {
        frequencyTests: [
          {
            id: 'fewer-mails',
            state: 'over',
            from: '2026-03-08T23:00:00.000Z',
            until: '2026-03-22T23:00:00.000Z',
            rules: { base: [{ rule: 'weekly', max: 4 }], variant: [{ rule: 'weekly', max: 2 }] },
          },
        ],
      },
    });
    const { body } = await get('/fewer-mails');
    expect(body).toMatchObject({
      id: 'fewer-mails',
      countedUntil: '2026-03-22T23:00:00.000Z',
      contacts: { base: 6, variant: 4, moved: 0 },
    });
    expect((body as { figures: Figure[] }).figures).toHaveLength(8);
  });

  test('an id nobody knows is a problem that names the nearest, and only accounts ask', async () => {
    const { status, type, body } = await get('/fewer-mial');
    expect([status, type]).toEqual([404, expect.stringContaining('application/problem+json')]);
    expect(body).toMatchObject({
      title: 'No policy has ever named a frequency test fewer-mial: did you mean fewer-mails?',
    });
    expect((await get('', basic(WRITE_KEY))).status).toBe(401);
  });

  test('relance frequency-test: the tests, one with both sides beside each other, and what is wrong', async () => {
    const env = { DATABASE_URL: service.db.url, SECRET: 'a-secret-of-the-tests-only' };
    const verb = (...args: string[]) => relance(folder, ['frequency-test', ...args], env);
    expect(await verb()).toMatchObject({
      code: 0,
      out: 'fewer-mails  over  Mon 9 Mar 2026 00:00 to Mon 23 Mar 2026 00:00, Europe/Paris  50.0 %\n',
    });
    const { code, out } = await verb('fewer-mails');
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'fewer-mails: over, Mon 9 Mar 2026 00:00 to Mon 23 Mar 2026 00:00, Europe/Paris, 50.0 % on the side of the variant, policy version 1',
      '  base     6 contacts  at most 4 marketing messages within 7 days',
      '  variant  4 contacts  at most 2 marketing messages within 7 days',
    ]);
    expect(lines.map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual(
      expect.arrayContaining([
        'messages sent a contact | 4.00 (4.00 to 4.00) | 2.00 (2.00 to 2.00) | −2.00 (−2.00 to −2.00) | beyond chance',
        'contacts who clicked | 33.3 % (9.7 to 70.0) | 25.0 % (4.6 to 69.9) | −8.3 (−50.3 to +42.4) | may be chance',
      ]),
    );
    expect(JSON.parse((await verb('fewer-mails', '--json')).out)).toMatchObject({ contacts: { base: 6, variant: 4 } });
    expect(await verb('other')).toMatchObject({
      code: 1,
      error: expect.stringContaining('No policy has ever named a frequency test other: there is fewer-mails') as string,
    });
  });
});

test('the table speaks French, too', async () => {
  const plain = (text: string): string[] =>
    text.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | ').replaceAll('\u00a0', ' '));
  const runs = await frequencyTests(sql(), UNTIL + DAY);
  expect(plain(runsText(runs, 'fr'))[0]).toBe(
    'fewer-mails | terminé | du lun. 9 mars 2026 à 00:00 au lun. 23 mars 2026 à 00:00, Europe/Paris | 50,0 %',
  );
  expect(plain(runsText([], 'fr'))[0]).toBe(
    'Aucune politique n’a jamais nommé de test de fréquence : écrivez-en un sous frequencyTest dans policy.yaml',
  );
  const text = plain(resultsText(await frequencyTestResults(sql(), 'fewer-mails', UNTIL + DAY), 'fr'));
  expect(text.slice(0, 3)).toEqual([
    'fewer-mails : terminé, du lun. 9 mars 2026 à 00:00 au lun. 23 mars 2026 à 00:00, Europe/Paris, 50,0 % du côté de la variante, version 1 de la politique',
    ' | base | 6 contacts | au plus 4 messages marketing sur 7 jours',
    ' | variante | 4 contacts | au plus 2 messages marketing sur 7 jours',
  ]);
  expect(text).toEqual(
    expect.arrayContaining([
      ' | base | variante | écart',
      'messages envoyés par contact | 4,00 (4,00 à 4,00) | 2,00 (2,00 à 2,00) | −2,00 (−2,00 à −2,00) | au-delà du hasard',
      'contacts qui ont cliqué | 33,3 % (9,7 à 70,0) | 25,0 % (4,6 à 69,9) | −8,3 (−50,3 à +42,4) | peut-être le hasard',
      expect.stringMatching(/^contacts bloqués par weekly \| /) as string,
    ]),
  );
});

describe('when the policy has changed', () => {
  const publish = (version: number, source: string, at: number): Promise<unknown> =>
    query(
      'INSERT INTO policy_version (version, hash, source, published_at) VALUES ($1, $2, $3, to_timestamp($4::float8 / 1000))',
      [version, `v${version}`, source, at],
    );

  test('results stay when the policy no longer names the test, which ended with that version', async () => {
    await publish(2, policy(''), FROM + 9 * DAY);
    const results = await frequencyTestResults(sql(), 'fewer-mails', UNTIL + DAY);
    expect(results).toMatchObject({ until: FROM + 9 * DAY, state: 'over', policyVersions: [1] });
    expect(figure(results.figures, 'sent')).toMatchObject({ base: { messages: 12 }, variant: { messages: 8 } });
  });

  test('whoever changed sides with a changed share is of none, and that is told', async () => {
    const share = 0.8;
    const moved = BASE.filter((user) => sideOf({ id: 'fewer-mails', share }, contactIdOf(user)) === 'variant').length;
    expect(moved).toBeGreaterThan(0);
    await publish(3, policy(TEST('80%')), FROM + 9 * DAY + HOUR);
    const results = await frequencyTestResults(sql(), 'fewer-mails', UNTIL + DAY);
    expect(results).toMatchObject({
      until: UNTIL,
      share: 0.8,
      policyVersions: [1, 3],
      contacts: { base: 6 - moved, variant: 4, moved },
    });
    expect(resultsText(results, 'en')).toContain(`  ${moved} left out: changed sides when the share was changed\n`);
    expect(await frequencyTests(sql(), UNTIL)).toHaveLength(1);
  });
});
