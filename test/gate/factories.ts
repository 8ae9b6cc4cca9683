import type { ConsentState } from '../../src/consent/index.ts';
import type { Contact } from '../../src/contacts/index.ts';
import { countedSend, judgeAll, policySchema, policyVersion } from '../../src/gate/index.ts';
import type { CountedSend, JudgeFacts, Message, PolicyVersion } from '../../src/gate/index.ts';
import { parseInstant } from '../../src/shared/clock.ts';
import type { Instant } from '../../src/shared/clock.ts';

export const at = (text: string): Instant => {
  const instant = parseInstant(text);
  if (Number.isNaN(instant)) throw new RangeError(`not an instant: ${text}`);
  return instant;
};

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What every policy of the tests has in common, as it would be written in a file. */
export const POLICY = {
  timezone: 'Europe/Paris',
  country: 'FR',
  senders: {
    brand: { email: 'Relance <hello@example.com>', sms: 'RELANCE', address: '1 rue de la Paix, 75002 Paris' },
    'mail-only': { email: 'care@example.com' },
  },
  purposes: {
    newsletter: { label: 'Newsletter', legalBasis: 'consent' },
    account: { label: 'Your account', legalBasis: 'contract' },
  },
};

export const policy = (written: Record<string, unknown> = {}, version = 1): PolicyVersion =>
  policyVersion(version, policySchema.parse({ ...POLICY, ...written }));

export const contact = (given: Partial<Contact> = {}): Contact => ({
  id: '10000000-0000-8000-8000-000000000000',
  userId: 'zoe',
  email: 'zoe@example.com',
  phone: '+33612345678',
  firstName: null,
  lastName: null,
  birthday: null,
  locale: null,
  timezone: 'Europe/Paris',
  country: 'FR',
  createdAt: 0,
  attributes: {},
  ...given,
});

export const consent = (given: Partial<ConsentState> = {}): ConsentState => ({
  channel: 'email',
  purpose: 'newsletter',
  state: 'granted',
  at: 0,
  legalBasis: 'consent',
  ...given,
});

export const facts = (given: Partial<JudgeFacts> = {}): JudgeFacts => ({
  contact: contact(),
  consents: [consent(), consent({ channel: 'sms' })],
  suppressions: [],
  sends: [],
  planned: [],
  inside: [],
  ownLimits: null,
  past: { sales: [], spent: [] },
  ...given,
});

let messages = 0;

/** A marketing mail planned and due at `plannedAt`. */
export const message = (given: Partial<Message> = {}): Message => {
  const plannedAt = given.plannedAt ?? at('2026-03-03T12:00:00Z');
  messages += 1;
  return {
    id: `10000000-0000-8000-8000-${String(messages).padStart(12, '0')}`,
    contactId: '10000000-0000-8000-8000-000000000000',
    enrollmentId: null,
    scenarioId: 'news',
    scenarioVersion: 1,
    programme: 'activation',
    campaign: null,
    step: 'mail',
    channel: 'email',
    template: 'mail-a',
    templateVersion: 1,
    category: 'marketing',
    purpose: 'newsletter',
    priority: 50,
    sender: 'brand',
    needsConsent: true,
    subjectTo: true,
    countsToward: true,
    parts: 1,
    window: null,
    data: {},
    plannedAt,
    expiresAt: null,
    status: 'held',
    dueAt: plannedAt,
    heldUntil: null,
    countedAt: null,
    holdsUntil: null,
    settledAt: null,
    gate: null,
    reason: null,
    rule: null,
    judged: 0,
    attempts: 0,
    ...given,
  };
};

/** Sends that count, oldest first, of marketing mails unless said. */
export const sends = (instants: readonly Instant[], given: Partial<CountedSend> = {}): CountedSend[] =>
  [...instants].sort((a, b) => a - b).map((instant) => ({ ...countedSend(message({ countedAt: instant })), ...given }));

/**
 * Runs messages to their outcomes as the engine does: at each instant at which something is due, all that is due is
 * judged together. Returns the messages by id and the sends in the order in which they were counted.
 */
export function run(
  planned: readonly Message[],
  start: JudgeFacts,
  version: PolicyVersion,
): { outcomes: Map<string, Message>; sent: Message[] } {
  const outcomes = new Map(planned.map((each) => [each.id, each]));
  const sent: Message[] = [];
  let known = start;
  for (let rounds = 0; ; rounds += 1) {
    if (rounds > 5_000) throw new Error('messages are held for ever');
    const held = [...outcomes.values()].filter(({ status }) => status === 'held');
    if (held.length === 0) return { outcomes, sent };
    const now = Math.min(...held.map(({ dueAt }) => dueAt));
    for (const judged of judgeAll(
      held.filter(({ dueAt }) => dueAt <= now),
      known,
      version,
      now,
    )) {
      // Handed over at once: what counts is that instant.
      const isCounted = judged.message.countedAt !== null;
      const after = isCounted ? { ...judged.message, countedAt: now } : judged.message;
      outcomes.set(after.id, after);
      if (judged.verdict.kind === 'send') sent.push(after);
      if (isCounted)
        known = {
          ...known,
          sends: [...known.sends, countedSend({ ...after, status: 'sent' })],
        };
    }
  }
}
