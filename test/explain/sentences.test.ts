import { LANGUAGES, WORDS, type Language } from '../../src/explain/language.ts';
import { explainMessage } from '../../src/explain/explanation.ts';
import {
  counterSentence,
  decisionSentence,
  gateSentence,
  messageSentence,
  type Setting,
} from '../../src/explain/sentences.ts';
import { ABSENCES, CANCELLATIONS } from '../../src/explain/told.ts';
import {
  GATES,
  PASSES,
  REFUSALS,
  type Decision,
  type Gate,
  type GateRecord,
  type Message,
} from '../../src/gate/index.ts';
import { at, message, policy } from '../gate/factories.ts';

const STATUSES = Object.keys(WORDS.en.outcome) as Message['status'][];
const weekly = {
  rule: 'weekly',
  scope: { categories: ['marketing'] },
  window: { rolling: '7d' },
  max: 2,
  onBlocked: { hold: '3d' },
};
const version = policy({
  pressure: [weekly, { rule: 'mail-gap', scope: { channels: ['email'] }, window: { gap: '16h' }, onBlocked: 'exit' }],
});
const NAMES: Readonly<Record<string, string>> = { first: 'hello', second: 'remind' };

const setting = (language: Language): Setting => ({
  language,
  zone: 'Europe/Paris',
  policyOf: (number) => (number === 1 ? version.policy : null),
  nameOf: (id) => NAMES[id],
});

const decision = (given: Partial<Decision>): Decision => ({
  messageId: 'm',
  contactId: 'c',
  ordinal: 1,
  at: at('2026-03-07T12:00:00Z'),
  verdict: 'block',
  gate: null,
  reason: null,
  rule: null,
  until: null,
  policyVersion: 1,
  gates: [],
  ...given,
});

const said = (record: GateRecord, language: Language): string => gateSentence(record, message(), 1, setting(language));
/** What no reader must ever see. */
const BROKEN = /undefined|null|NaN|\[object|\s{2}|\(\)|“”|«\s*»/;

describe('every gate, reason and outcome has a sentence in both languages (law L13)', () => {
  const records = GATES.flatMap((gate): [string, GateRecord][] => [
    [`${gate} that passed`, { gate, passed: true }],
    ...PASSES[gate].map((reason): [string, GateRecord] => [`${gate}: ${reason}`, { gate, passed: true, reason }]),
    ...REFUSALS[gate].map((reason): [string, GateRecord] => [`${gate}: ${reason}`, { gate, passed: false, reason }]),
    [`${gate} with a reason nobody has heard of`, { gate, passed: false, reason: 'brand-new' }],
  ]);

  test.each(records)('%s', (_name, record) => {
    const [english, french] = LANGUAGES.map((language) => said(record, language)) as [string, string];
    expect(english).not.toEqual(french);
    for (const text of [english, french]) {
      expect(text).not.toMatch(BROKEN);
      expect(text.length).toBeGreaterThan(5);
      // A code is no explanation; a reason nobody has heard of is named, because nothing else is known.
      if (record.reason?.includes('-') === true && record.reason !== 'brand-new')
        expect(text).not.toContain(record.reason);
    }
  });

  test.each(STATUSES)('a message that is %s', (status) => {
    const settledAt =
      status === 'held' || status === 'ready' || status === 'handing' ? null : at('2026-03-08T08:00:00Z');
    for (const attempts of [0, 1, 3])
      for (const reason of [
        null,
        'interrupted',
        'breaker-stopped',
        '450 try later',
        'objection',
        'blocked by weekly',
        'Account Closed',
      ]) {
        const one = message({ status, settledAt, attempts, reason });
        const texts = LANGUAGES.map((language) => messageSentence(one, [], null, setting(language)));
        expect(texts[0]).not.toEqual(texts[1]);
        for (const text of texts) expect(text).not.toMatch(BROKEN);
      }
  });

  test.each(ABSENCES)('a contact that got nothing: %s', (code) => {
    const told = { at: '1 May', until: '2 May', text: 'that' };
    const texts = LANGUAGES.map((language) => WORDS[language].absence[code](told));
    expect(texts[0]).not.toEqual(texts[1]);
    for (const text of texts) expect(text).toMatch(/^[^a-z].*\.$/);
    for (const text of texts) expect(text).not.toMatch(BROKEN);
  });

  test.each([...CANCELLATIONS, 'blocked by weekly', 'Account Closed', 'replaced by version 2', null])(
    'a message cancelled because of %j',
    (reason) => {
      const cancelled = decision({ verdict: 'cancel', reason });
      const texts = LANGUAGES.map((language) => decisionSentence(cancelled, message(), setting(language)));
      expect(texts[0]).toMatch(/^Not sent: /);
      expect(texts[1]).toMatch(/^Non envoyé\u00a0: /);
      for (const text of texts) expect(text).not.toMatch(BROKEN);
    },
  );
});

describe('what a marketer reads', () => {
  const full: GateRecord = {
    gate: 'pressure',
    passed: false,
    reason: 'no-room',
    rule: 'weekly',
    until: at('2026-03-12T08:00:00Z'),
    counters: [
      {
        rule: 'weekly',
        used: 2,
        max: 2,
        taken: [
          { messageId: 'first', at: at('2026-03-05T08:00:00Z'), channel: 'email', scenario: 'news' },
          { messageId: 'forgotten', at: at('2026-03-06T08:00:00Z'), channel: 'sms', scenario: 'news' },
        ],
      },
    ],
  };
  const open = (gate: Gate): GateRecord => ({ gate, passed: true });
  const sentence = (one: Message, decisions: Decision[], language: Language): string =>
    messageSentence(one, decisions, null, setting(language)).replaceAll('\u00a0', ' ');
  const blocked = message({ status: 'blocked', settledAt: at('2026-03-07T12:00:00Z') });

  test('D6: the rule, who used its room, when there would be some, and how long it might have waited', () => {
    const decisions = [decision({ gates: [open('address'), full] })];
    expect(sentence(blocked, decisions, 'en')).toBe(
      'Not sent on Sat 7 Mar 2026 13:00: the rule “weekly” allows 2 marketing messages within 7 days, and 2 were sent already (hello on Thu 5 Mar 2026 09:00 and text message of news on Fri 6 Mar 2026 09:00). Room comes on Thu 12 Mar 2026 09:00, and it may wait only 3 days.',
    );
    expect(sentence(blocked, decisions, 'fr')).toBe(
      'Non envoyé le sam. 7 mars 2026 à 13:00 : la règle « weekly » autorise 2 messages marketing sur 7 jours, et 2 sont déjà partis (hello le jeu. 5 mars 2026 à 09:00 et SMS de news le ven. 6 mars 2026 à 09:00). Une place se libère le jeu. 12 mars 2026 à 09:00, et il ne peut attendre que 3 jours.',
    );
  });

  test('a maximum that reactions have lowered says from what and because of what, in full and in short', () => {
    const lowered = {
      from: 4,
      by: [
        { kind: 'complaint' as const, at: at('2026-03-03T08:00:00Z'), felt: 6.1 },
        { kind: 'unclicked' as const, at: at('2026-03-05T08:00:00Z'), felt: 1.2, count: 3 },
      ],
    };
    const tired = { ...full, counters: [{ rule: 'weekly', used: 2, max: 2, lowered }] };
    expect(sentence(blocked, [decision({ gates: [tired] })], 'en')).toMatch(
      /: the rule “weekly” allows 2 marketing messages within 7 days \(lowered from 4, because the contact reported a message as spam on Tue 3 Mar 2026 09:00 and clicked in none of the emails up to that of Thu 5 Mar 2026 09:00, 3 too many\), and 2 were sent already\./,
    );
    expect(sentence(blocked, [decision({ gates: [tired] })], 'fr')).toMatch(
      / : la règle « weekly » autorise 2 messages marketing sur 7 jours \(au lieu de 4, car le contact a signalé un message comme indésirable le mar. 3 mars 2026 à 09:00 et n’a cliqué dans aucun des e-mails jusqu’à celui du jeu. 5 mars 2026 à 09:00, soit 3 de trop\), et 2 sont déjà partis\./,
    );
    const counted = LANGUAGES.map((language) => counterSentence(tired.counters[0]!, tired, 1, setting(language)));
    expect(counted).toEqual([
      'weekly: 2 of 2 within 7 days, lowered from 4',
      'weekly\u00a0: 2 sur 2 (sur 7 jours), au lieu de 4',
    ]);
  });

  test('P11: a refusal for the sake of what is planned names it: the held message, or the step that a timer leads to', () => {
    const keptFor = [
      { messageId: 'second', at: at('2026-03-08T08:00:00Z'), channel: 'email', scenario: 'x', step: 'a', priority: 90 },
      { messageId: null, at: at('2026-03-09T08:00:00Z'), channel: 'sms', scenario: 'big', step: 'b', priority: 80 },
    ];
    const reserved = { ...full, counters: [{ rule: 'weekly', used: 0, max: 2, kept: 2, keptFor }] };
    expect(sentence(blocked, [decision({ gates: [reserved] })], 'en')).toContain(
      ', and room is kept for messages of higher priority (remind due on Sun 8 Mar 2026 09:00 and text message of big, step b, due on Mon 9 Mar 2026 09:00).',
    );
    expect(sentence(blocked, [decision({ gates: [reserved] })], 'fr')).toContain(
      ', et la place est gardée pour des messages plus prioritaires (remind prévu le dim. 8 mars 2026 à 09:00 et SMS de big, étape b, prévu le lun. 9 mars 2026 à 09:00).',
    );
    const { competing } = explainMessage(
      { message: blocked, decisions: [decision({ gates: [reserved] })], returned: null },
      setting('en'),
    );
    expect(competing).toMatchObject([
      { messageId: 'second', name: 'remind', planned: true, step: 'a', priority: 90, at: '2026-03-08T08:00:00.000Z' },
      { messageId: null, name: null, planned: true, step: 'b', rule: 'weekly' },
    ]);
  });

  test('a gap is told as one, and what the rule does besides', () => {
    const gap: GateRecord = {
      ...full,
      rule: 'mail-gap',
      until: undefined,
      counters: [{ rule: 'mail-gap', used: 1, max: 1 }],
    };
    expect(sentence(blocked, [decision({ gates: [gap] })], 'en')).toBe(
      'Not sent on Sat 7 Mar 2026 13:00: the rule “mail-gap” leaves 16 hours between two emails, and one was sent already. This rule also ends the scenario for the contact.',
    );
  });

  test('P9: what waits says until when; a decision record of before its details were kept stays readable', () => {
    const held = message({ status: 'held', dueAt: at('2026-03-09T07:00:00Z') });
    const old: GateRecord = { gate: 'quiet-hours', passed: false, reason: 'closed', until: held.dueAt };
    expect(sentence(held, [decision({ verdict: 'hold', until: held.dueAt, gates: [old] })], 'en')).toBe(
      'Waits until Mon 9 Mar 2026 08:00: emails leave only within their hours, and these were closed. Then it is judged again.',
    );
    const told: GateRecord = {
      ...old,
      closed: { hours: 'Mon-Sat 08:00-20:00', zone: 'Europe/Paris', holidays: [{ date: '2026-04-06', country: 'FR' }] },
    };
    expect(sentence(held, [decision({ verdict: 'hold', until: held.dueAt, gates: [told] })], 'fr')).toBe(
      'En attente jusqu’au lun. 9 mars 2026 à 08:00 : les e-mails ne partent que du lundi au samedi entre 08:00 et 20:00 (heure de Europe/Paris) ; le lun. 6 avr. 2026 est férié (Lundi de Pâques). Il sera alors jugé de nouveau.',
    );
  });

  test('a policy that can no longer be read leaves the rule its name and its numbers', () => {
    const unknown = decision({
      policyVersion: 9,
      gates: [{ ...full, counters: [{ rule: 'weekly', used: 2, max: 2 }] }],
    });
    expect(sentence(blocked, [unknown], 'en')).toBe(
      'Not sent on Sat 7 Mar 2026 13:00: the rule “weekly” allows 2, and 2 were sent already.',
    );
  });
});
