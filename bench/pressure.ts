import { newContact } from '../src/contacts/index.ts';
import { connect, createDataSource, Database, ensureMonths, migrate } from '../src/database/index.ts';
import { PostgresTick } from '../src/engine/index.ts';
import {
  judge,
  policySchema,
  policyVersion,
  type CountedSend,
  type JudgeFacts,
  type Message,
  type PolicyVersion,
} from '../src/gate/index.ts';
import { contactIdOf, derivedId, laneOf, type Id } from '../src/shared/ids.ts';
import { mustBe, shareOf, type Bench, type Figure, type Measured } from './figure.ts';
import { connected } from './server.ts';
import { sideBySide } from './side-by-side.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 9, 15, 9);
const LONG = 10_000;
const SHORT = 10;
const ROUNDS = 300;

const ONE = [{ rule: 'quarterly', scope: { categories: ['marketing'] }, window: { rolling: '90d' }, max: 1_000 }];
const TEN = [
  ...ONE,
  { rule: 'gap', scope: { scenarios: ['none'] }, window: { gap: '16h' } },
  { rule: 'mails', scope: { channels: ['email'] }, window: { rolling: '30d' }, max: 1_000 },
  { rule: 'texts', scope: { channels: ['sms'] }, window: { calendar: 'month' }, max: 1_000 },
  { rule: 'parts', scope: { channels: ['sms'] }, window: { calendar: 'week' }, unit: 'sms-parts', max: 1_000 },
  { rule: 'welcome', scope: { programmes: ['p-1', 'p-2'] }, window: { rolling: '14d' }, max: 1_000 },
  { rule: 'offers', scope: { purposes: ['offers'] }, window: { calendar: 'quarter' }, max: 1_000 },
  { rule: 'weekly', scope: { channels: ['email'] }, window: { rolling: '7d' }, max: 1_000 },
  { rule: 'daily', window: { calendar: 'day' }, max: 1_000 },
  { rule: 'never', platform: true, window: { rolling: '1d' }, max: 1_000 },
];

const version = (pressure: object[]): PolicyVersion =>
  policyVersion(
    1,
    policySchema.parse({
      timezone: 'Europe/Paris',
      country: 'FR',
      senders: { brand: { email: 'hello@example.com', sms: 'RELANCE' } },
      purposes: {
        news: { label: 'News', legalBasis: 'consent' },
        offers: { label: 'Offers', legalBasis: 'consent' },
      },
      pressure,
    }),
  );

/** Ninety days of sends, one a day, of six scenarios in three programmes, by two channels, of two purposes. */
function history(contactId: Id): CountedSend[] {
  return Array.from({ length: 90 }, (_, index) => ({
    messageId: derivedId(contactId, 'bench', index),
    at: NOW - (90 - index) * DAY + 3_600_000,
    channel: index % 6 === 0 ? 'sms' : 'email',
    category: index % 6 === 1 ? 'service' : 'marketing',
    programme: `p-${index % 3}`,
    scenarioId: `s-${index % 6}`,
    campaign: null,
    sender: 'brand',
    purpose: index % 6 < 2 ? 'offers' : 'news',
    parts: 1,
    countsToward: true,
  }));
}

const message = (contactId: Id): Message => ({
  id: derivedId(contactId, 'bench', 'asked'),
  contactId,
  enrollmentId: null,
  scenarioId: 's-1',
  scenarioVersion: 1,
  programme: 'p-1',
  campaign: null,
  step: 'mail',
  channel: 'email',
  template: 'mail',
  templateVersion: 1,
  category: 'marketing',
  purpose: 'news',
  priority: 50,
  sender: 'brand',
  needsConsent: true,
  subjectTo: true,
  countsToward: true,
  parts: 1,
  window: null,
  data: {},
  plannedAt: NOW,
  expiresAt: null,
  status: 'held',
  dueAt: NOW,
  heldUntil: null,
  countedAt: null,
  holdsUntil: null,
  settledAt: null,
  gate: null,
  reason: null,
  rule: null,
  judged: 0,
  attempts: 0,
});

/**
 * Judgements of a mail a second, all gates, for a contact with ninety days of sends: by ten rules against by one. And what
 * a contact with ten thousand past messages costs to load and judge by the ten, against one with ten.
 */
export const pressure: Figure = async (bench) => {
  const contactId = contactIdOf('user-0');
  const facts: JudgeFacts = {
    contact: { ...newContact(contactId, 'user-0', 0), email: 'user-0@example.com', timezone: 'Europe/Paris' },
    consents: [{ channel: 'email', purpose: 'news', state: 'granted', at: 0, legalBasis: 'consent' }],
    suppressions: [],
    sends: history(contactId),
    planned: [],
    inside: [],
    ownLimits: null,
    past: { sales: [], spent: [] },
  };
  const one = message(contactId);
  const judging = (policy: PolicyVersion) => (): number => {
    mustBe('verdict', judge(one, facts, policy, NOW).verdict.kind, 'send');
    return 1;
  };
  const [value, single] = sideBySide(judging(version(TEN)), judging(version(ONE)));
  const reference = { label: 'by one rule', value: single };
  return [
    { figure: 'pressure', value, unit: 'judgements/s', reference, aim: shareOf(value, reference, 0.67) },
    await longHistory(bench, facts),
  ];
};

async function longHistory({ server }: Bench, facts: JudgeFacts): Promise<Measured> {
  const url = await (await server()).createDatabase();
  const dataSource = createDataSource({ url, poolSize: 2 });
  await connect(dataSource);
  const database = new Database(dataSource);
  await migrate(dataSource);
  await ensureMonths(database, NOW - 900 * DAY, NOW + 40 * DAY);
  const [many, few] = [contactIdOf('many'), contactIdOf('few')];
  await connected(url, async (client) => {
    for (const [id, count] of [
      [many, LONG],
      [few, SHORT],
    ] as const)
      // Both were sent ten within the ninety days that the rules look back; the rest lies before.
      await client.query(
        `INSERT INTO message (lane, month, id, contact_id, scenario_id, scenario_version, programme, step, channel, template,
                              template_version, category, purpose, priority, sender, needs_consent, subject_to, counts_toward,
                              planned_at, status, due_at, counted_at, settled_at)
         SELECT $1::smallint, date_trunc('month', at)::date, (left($2::uuid::text, 2) || substr(gen_random_uuid()::text, 3))::uuid, $2::uuid, 's', 1, 'p',
                'mail', 'email', 'mail', 1, 'marketing', 'news', 50, 'brand', true, true, true, at, 'sent', at, at, at
         FROM generate_series(1, $3::int) n
         CROSS JOIN LATERAL (SELECT to_timestamp($4::float8) - CASE WHEN n <= 10 THEN n * 8 ELSE 95 + n % 800 END * interval '1 day' - n * interval '1 second' AS at) t`,
        [laneOf(id), id, count, NOW / 1000],
      );
    await client.query('VACUUM ANALYZE');
  });
  const policy = version(TEN);
  const loading = async (contactId: Id): Promise<number> => {
    const started = performance.now();
    await database.transaction(async (sql) => {
      const tick = new PostgresTick(sql, [{ contactId, inbox: [], clockUntil: NOW }], 0, NOW);
      const wanted = {
        scenarioIds: [],
        sendsSince: NOW - policy.compiled.lookBack,
        sales: [],
        once: new Set<string>(),
      };
      const { sends } = (await tick.load(wanted)).get(contactId)!;
      mustBe('sends', sends.length, SHORT);
      mustBe('verdict', judge(message(contactId), { ...facts, sends }, policy, NOW).verdict.kind, 'send');
    });
    return performance.now() - started;
  };
  for (let round = 0; round < 50; round++) for (const id of [many, few]) await loading(id);
  const took = { many: 0, few: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    took.many += await loading(many);
    took.few += await loading(few);
  }
  await dataSource.destroy();
  const value = (ROUNDS / took.many) * 1000;
  const reference = { label: 'with ten past messages', value: (ROUNDS / took.few) * 1000 };
  return {
    figure: 'pressure 10,000 past',
    value,
    unit: 'contacts/s',
    reference,
    aim: shareOf(value, reference, 0.5),
  };
}
