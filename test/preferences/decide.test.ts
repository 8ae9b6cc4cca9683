import fc from 'fast-check';
import type { ConsentState } from '../../src/consent/index.ts';
import { decide, type Decided } from '../../src/preferences/decide.ts';
import { readForm } from '../../src/preferences/form.ts';
import { everythingChoosable, isOn, nameOf, offerOf, stateOf, type Choosable } from '../../src/preferences/offer.ts';
import { policySchema } from '../../src/gate/index.ts';
import { at } from '../gate/factories.ts';

const POLICY = policySchema.parse({
  timezone: 'Europe/Paris',
  country: 'FR',
  senders: { brand: { email: 'a@example.com' } },
  purposes: {
    newsletter: { label: 'Letters', legalBasis: 'consent' },
    trade: { label: 'Trade', legalBasis: 'legitimate-interest' },
    account: { label: 'Account', legalBasis: 'contract' },
    'open-tracking': { label: 'Opens', legalBasis: 'consent' },
  },
});
const ALL = everythingChoosable(POLICY, ({ purpose }) => purpose === 'trade');
const find = (name: string): Choosable => ALL.find((of) => nameOf(of) === name)!;
const said = (name: string, state: ConsentState['state']): ConsentState => {
  const [channel, purpose] = name.split('.') as [string, string];
  return { channel, purpose, state, at: 0, legalBasis: null };
};
const written = ({ said: entries }: Decided): string[] => entries.map(({ of, action }) => `${nameOf(of)} ${action}`);

test('what rests on a contract is nobody’s choice, opens are of mails, and a page offers what somebody sends', () => {
  expect(ALL.map(nameOf)).toEqual([
    'email.newsletter',
    'email.trade',
    'email.open-tracking',
    'sms.newsletter',
    'sms.trade',
  ]);
  expect(offerOf(ALL, POLICY, undefined).map(nameOf)).toEqual([
    'email.newsletter',
    'email.trade',
    'email.open-tracking',
  ]);
});

test.each<[string, string, ConsentState['state'] | null, boolean, string[]]>([
  ['L7: a box that nobody ever touched says nothing', 'email.newsletter', null, false, []],
  ['a tick is a consent', 'email.newsletter', null, true, ['email.newsletter granted']],
  ['a tick that stays writes nothing', 'email.newsletter', 'granted', true, []],
  ['a tick taken away is a withdrawal', 'email.newsletter', 'granted', false, ['email.newsletter withdrawn']],
  ['what was withdrawn stays so', 'email.newsletter', 'withdrawn', false, []],
  ['a refusal can be taken back', 'email.newsletter', 'refused', true, ['email.newsletter granted']],
  ['C4: a request that waits is a tick', 'email.newsletter', 'pending', true, []],
  ['C4: a request can be taken back', 'email.newsletter', 'pending', false, ['email.newsletter withdrawn']],
  ['C4: a request that has expired is as if nothing was said', 'email.newsletter', 'expired', false, []],
  ['L3: who is written to by profession has a tick, which is no consent', 'email.trade', null, true, []],
  ['L3: and takes it away', 'email.trade', null, false, ['email.trade withdrawn']],
])('%s', (_name, name, state, on, entries) => {
  const states = state === null ? [] : [said(name, state)];
  expect(written(decide({ consents: [{ of: find(name), on }], stop: false }, ALL, states, false))).toEqual(entries);
});

describe('L8: an objection', () => {
  const states = [said('email.newsletter', 'granted'), said('sms.newsletter', 'withdrawn')];

  test('stopping withdraws all there is and objects; the second time it does nothing', () => {
    const first = decide({ consents: [], stop: true }, ALL, states, false);
    expect(written(first)).toEqual([
      'email.newsletter withdrawn',
      'email.trade withdrawn',
      'email.open-tracking withdrawn',
      'sms.trade withdrawn',
    ]);
    expect(first.objection).toBe('objects');
    const after = ALL.map((of) => said(nameOf(of), 'withdrawn'));
    expect(decide({ consents: [], stop: true }, ALL, after, true)).toEqual({ said: [], objection: null });
  });

  test('saving without a yes leaves it', () => {
    const consents = ALL.map((of) => ({ of, on: false }));
    expect(decide({ consents, stop: false }, ALL, states, true)).toEqual({ said: [], objection: null });
  });

  test('a yes ends it, and opens nothing but what was said yes to', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('granted', 'withdrawn', 'refused', 'pending', 'expired', null), {
          minLength: 5,
          maxLength: 5,
        }),
        fc.subarray([...ALL], { minLength: 1 }),
        (before, wanted) => {
          const known = ALL.flatMap((of, index) =>
            before[index] === null ? [] : [said(nameOf(of), before[index] as 'granted')],
          );
          const consents = ALL.map((of) => ({ of, on: wanted.includes(of) }));
          const decided = decide({ consents, stop: false }, ALL, known, true);
          expect(decided.objection).toBe('takes-back');
          const after = ALL.map((of) => {
            const word = decided.said.find((entry) => entry.of === of)?.action;
            return said(nameOf(of), word ?? (stateOf(of, known) as 'withdrawn'));
          });
          for (const of of ALL) expect(isOn(of, after)).toBe(wanted.includes(of));
        },
      ),
    );
  });
});

test('saving what is shown, again and again, writes nothing (rule C5)', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('granted', 'withdrawn', 'refused', 'pending', 'expired', null), {
        minLength: 5,
        maxLength: 5,
      }),
      (before) => {
        const known = ALL.flatMap((of, index) =>
          before[index] === null ? [] : [said(nameOf(of), before[index] as 'granted')],
        );
        const consents = ALL.map((of) => ({ of, on: isOn(of, known) }));
        expect(decide({ consents, stop: false }, ALL, known, false).said).toEqual([]);
      },
    ),
  );
});

describe('the form', () => {
  const NOW = at('2026-03-02T09:00:00Z');
  const read = (fields: unknown): ReturnType<typeof readForm> =>
    readForm(fields, ALL, ['en', 'fr'], NOW, 'Europe/Paris');
  const form = { form: 'preferences', do: 'save' };

  test.each<[string, unknown, object]>([
    [
      'all of it',
      { ...form, week: '2', pause: '1m', language: 'fr' },
      { maxPerWeek: 2, pauseUntil: at('2026-04-02T08:00:00Z'), language: 'fr' },
    ],
    ['no limit, and an end of the pause', { ...form, week: '', pause: 'lift' }, { maxPerWeek: null, pauseUntil: null }],
    ['what is not there stays', form, {}],
  ])('%s', (_name, fields, own) => {
    expect(read(fields).wish).toMatchObject({ own });
    expect(read(fields).wish!.own).toEqual(own);
  });

  test.each<[string, unknown, string[]]>([
    ['nothing', undefined, ['form']],
    ['one click of a mailbox (RFC 8058)', { 'List-Unsubscribe': 'One-Click' }, ['form']],
    ['no button', { form: 'preferences' }, ['form']],
    [
      'values that are none',
      { ...form, week: '8', pause: 'constructor', language: 'de' },
      ['week', 'pause', 'language'],
    ],
  ])('%s is a fault', (_name, fields, faults) => {
    expect(read(fields).faults).toEqual(faults);
  });

  test('a purpose that is newer than the page is not touched', () => {
    const { wish } = read({ ...form, shown: 'email.newsletter', 'on.email.trade': 'on' });
    expect(wish!.consents).toEqual([{ of: find('email.newsletter'), on: false }]);
  });
});
