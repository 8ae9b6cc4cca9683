import fc from 'fast-check';
import { parseDuration } from '../../src/calendar/index.ts';
import {
  addressMark,
  asConfirmable,
  askedTogether,
  confirmationOf,
  expiryOf,
  isRequest,
  requestId,
  standingOf,
  wordsOf,
  type Addressee,
  type ConfirmationRequest,
  type DoubleOptIn,
} from '../../src/consent/double-opt-in.ts';
import { chain, stateOf, statesAfter, type ConsentEntry } from '../../src/consent/entry.ts';
import { standingsAt } from '../../src/consent/standing.ts';
import type { ConsentState } from '../../src/consent/state.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { entry, NOW } from './factories.ts';

const DAY = 86_400_000;
const ADA = contactIdOf('ada');
const RULE: DoubleOptIn = {
  countries: new Set(['DE', 'AT']),
  unknownCountry: true,
  purposes: new Set(['newsletter']),
  expires: parseDuration('7d')!,
  timezone: 'Europe/Paris',
};
const GRETE: Addressee = { country: 'DE', timezone: 'Europe/Berlin', email: 'grete@example.com' };
const MARK = addressMark('grete@example.com');

const tell = (
  told: Partial<ConsentEntry> = {},
  states: readonly ConsentState[] = [],
  person: Partial<Addressee> = {},
  rule: DoubleOptIn | null = RULE,
  now = NOW,
): ConsentEntry[] => asConfirmable(entry({ at: now, ...told }), states, rule, { ...GRETE, ...person }, now);
const after = (entries: readonly ConsentEntry[]): ConsentState[] => statesAfter(entries);
const request = (): ConfirmationRequest => {
  const [state] = after(tell());
  if (!isRequest(state)) throw new Error('no request');
  return state;
};

describe('C4: what a consent becomes when it must be confirmed', () => {
  test.each<[string, Partial<ConsentEntry>, Partial<Addressee>, DoubleOptIn | null, 'granted' | 'pending']>([
    ['in a country of the policy it waits', {}, {}, RULE, 'pending'],
    ['elsewhere it counts at once', {}, { country: 'FR' }, RULE, 'granted'],
    ['of an unknown country it waits: the strict reading', {}, { country: null }, RULE, 'pending'],
    ['or counts, where the policy trusts', {}, { country: null }, { ...RULE, unknownCountry: false }, 'granted'],
    ['of all countries it waits', {}, { country: 'FR' }, { ...RULE, countries: null }, 'pending'],
    ['without a policy for it, it counts', {}, {}, null, 'granted'],
    ['by text it counts: no mailbox proves a number', { channel: 'sms' }, {}, RULE, 'granted'],
    ['another purpose counts', { purpose: 'offers' }, {}, RULE, 'granted'],
    ['a soft opt-in is no consent to confirm', { legalBasis: 'soft-opt-in' }, {}, RULE, 'granted'],
    ['without a legal basis told it is a consent', { legalBasis: null }, {}, RULE, 'pending'],
    ['a confirmation that is proved counts', { requestedAt: NOW - 60_000 }, {}, RULE, 'granted'],
    ['asked for and confirmed in one instant proves nothing', { requestedAt: NOW }, {}, RULE, 'pending'],
    ['asked for after it was confirmed proves nothing', { requestedAt: NOW + 1 }, {}, RULE, 'pending'],
    ['pending asks whatever the country', { action: 'pending' }, { country: 'FR' }, RULE, 'pending'],
  ])('%s', (_name, told, person, rule, action) => {
    expect(tell(told, [], person, rule).map((each) => each.action)).toEqual([action]);
  });

  test.each(['withdrawn', 'refused'] as const)('%s is taken as it is', (action) => {
    expect(tell({ action })).toEqual([entry({ action })]);
  });

  test('a request says when it was asked for, until when it may be confirmed by the contact’s calendar, and of which address', () => {
    // Over the night of 29 March the clocks of Berlin go forward: seven days are an hour shorter.
    const march = Date.parse('2026-03-27T09:00:00+01:00');
    const [asked] = tell({}, [], {}, RULE, march);
    expect(asked).toMatchObject({ action: 'pending', at: march, requestedAt: march, addressMark: MARK });
    expect(asked!.expiresAt).toBe(Date.parse('2026-04-03T09:00:00+02:00'));
  });

  test('what was said long ago is asked about now', () => {
    expect(tell({ at: NOW - 400 * DAY })[0]).toMatchObject({
      at: NOW - 400 * DAY,
      requestedAt: NOW,
      expiresAt: NOW + 7 * DAY,
    });
  });

  test('whoever asks again while a request waits stays in it: the same request, the same end', () => {
    const states = after(tell());
    const again = tell({}, states, {}, RULE, NOW + DAY);
    expect(again).toMatchObject([{ action: 'pending', at: NOW + DAY, requestedAt: NOW, expiresAt: NOW + 7 * DAY }]);
    const asked = states.map((state) => ({ ...state, askedAt: NOW }));
    expect(statesAfter([...tell(), ...again])).toHaveLength(1);
    const idOf = (state: unknown): string => requestId(ADA, state as ConfirmationRequest, ['newsletter']);
    expect(idOf(stateOf(again[0]!))).toBe(idOf(asked[0]));
  });

  test('another address is another request; capitals are not, nor is an address that was not known before', () => {
    const other = tell({}, after(tell()), { email: 'grete@example.org' }, RULE, NOW + 1);
    expect(other).toMatchObject([{ requestedAt: NOW + 1, addressMark: addressMark('grete@example.org') }]);
    expect(tell({}, after(tell()), { email: 'Grete@Example.com' }, RULE, NOW + 1)[0]).toMatchObject({
      requestedAt: NOW,
    });
    const unknown = after(tell({}, [], { email: null }));
    expect(tell({}, unknown, {}, RULE, NOW + 1)[0]).toMatchObject({ requestedAt: NOW });
  });

  test('after its time a request that is not written off yet is, at its very instant, and a new one begins', () => {
    const late = NOW + 7 * DAY;
    expect(tell({}, after(tell()), {}, RULE, late)).toMatchObject([
      { action: 'expired', at: late, requestedAt: NOW },
      { action: 'pending', requestedAt: late },
    ]);
    expect(tell({}, after(tell()), {}, RULE, late - 1)).toMatchObject([{ requestedAt: NOW }]);
  });

  test('a consent that was confirmed for this address stays one when it is said again', () => {
    const confirmed = after([confirmationOf(request(), { messageId: 'm', addressMark: MARK }, WORDS, SEEN, NOW + 1)]);
    expect(tell({}, confirmed, {}, RULE, NOW + DAY)).toMatchObject([{ action: 'granted', requestedAt: NOW }]);
    expect(tell({}, confirmed, { email: 'new@example.com' }, RULE, NOW + DAY)).toMatchObject([{ action: 'pending' }]);
  });

  test('one that was taken back must be confirmed anew: anybody may have asked', () => {
    const confirmed = confirmationOf(request(), { messageId: 'm', addressMark: MARK }, WORDS, SEEN, NOW + 1);
    const withdrawn = after([confirmed, entry({ action: 'withdrawn', at: NOW + 2 })]);
    expect(tell({}, withdrawn, {}, RULE, NOW + DAY)).toMatchObject([{ action: 'pending', requestedAt: NOW + DAY }]);
  });

  test('one that counted before the policy asked for a confirmation must be confirmed when it is said again', () => {
    expect(tell({}, after([entry({ at: NOW - DAY })]))).toMatchObject([{ action: 'pending' }]);
  });

  test('whatever is said, in whatever order, a request ends after it began and names no address but by its mark', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            action: fc.constantFrom('granted' as const, 'withdrawn' as const, 'pending' as const),
            wait: fc.constantFrom(0, 1, DAY, 7 * DAY, 8 * DAY),
            email: fc.constantFrom('a@example.com', 'b@example.com', null),
            country: fc.constantFrom('DE', 'FR', null),
          }),
          { maxLength: 12 },
        ),
        (said) => {
          let now = NOW;
          const ledger: ConsentEntry[] = [];
          for (const { action, wait, ...person } of said) {
            now += wait;
            ledger.push(...tell({ action }, statesAfter(ledger), person, RULE, now));
          }
          for (const each of ledger) {
            if (each.action === 'pending') expect(each.expiresAt!).toBeGreaterThan(each.requestedAt!);
            if (each.action === 'granted') expect(each.expiresAt).toBeUndefined();
          }
          expect(JSON.stringify(ledger)).not.toContain('@example.com');
        },
      ),
    );
  });
});

const WORDS = { textVersion: '2026-01', text: 'Yes, write to me once a week.' };
const SEEN = { ip: '192.0.2.9', userAgent: 'Firefox' };

describe('C4: what a link confirms', () => {
  const here = { email: GRETE.email, objects: false };
  const link = (changes: object = {}) => ({
    channel: 'email',
    purposes: ['newsletter'],
    messageId: requestId(ADA, request(), ['newsletter']),
    addressMark: MARK,
    ...changes,
  });
  const said = (action: ConsentState['state'], at = NOW + 5): ConsentState[] =>
    after([...tell(), entry({ action, at })]);

  test.each<[string, string, ConsentState[], object?, Partial<typeof here>?, number?]>([
    ['its request, in time', 'open', after(tell())],
    ['to the last millisecond', 'open', after(tell()), {}, {}, NOW + 7 * DAY - 1],
    ['nothing at the end of its time', 'expired', after(tell()), {}, {}, NOW + 7 * DAY],
    ['nothing once that is written down', 'expired', after([...tell(), expiryOf(request())])],
    ['nothing of another request', 'expired', after(tell()), { messageId: 'another' }],
    ['nothing of another purpose', 'expired', after(tell()), { purposes: ['offers'] }],
    ['nothing for another brand', 'expired', after(tell()), { brand: 'acme' }],
    [
      'nothing when the contact has moved to another address',
      'expired',
      after(tell()),
      {},
      { email: 'new@example.com' },
    ],
    ['nothing when the contact is gone', 'expired', [], {}, { email: null }],
    ['once, and says so ever after', 'confirmed', said('granted')],
    ['nothing against a withdrawal', 'taken-back', said('withdrawn')],
    ['nothing against a refusal', 'taken-back', said('refused')],
    ['nothing against an objection', 'taken-back', after(tell()), {}, { objects: true }],
  ])('%s', (_name, standing, states, changes = {}, person = {}, now = NOW + 1) => {
    const asked = link(changes);
    expect(standingOf(ADA, asked, states, { ...here, ...person }, now)).toEqual({ standing, purposes: asked.purposes });
  });

  describe('of several that were asked for together', () => {
    const rule = { ...RULE, purposes: new Set(['newsletter', 'events']) };
    const both = [...tell({}, [], {}, rule), ...tell({ purpose: 'events' }, [], {}, rule)];
    const waiting = after(both) as ConfirmationRequest[];
    const purposes = ['events', 'newsletter'];
    const all = { ...link(), purposes, messageId: requestId(ADA, waiting[0]!, purposes) };
    const stands = (states: ConsentState[], now = NOW + 1, person = here) => standingOf(ADA, all, states, person, now);
    const says = (purpose: string, action: ConsentState['state']): ConsentState[] =>
      after([...both, entry({ purpose, action, at: NOW + 5 })]);

    test('one message asks about all of one call, channel and brand, whatever the order in which they are known', () => {
      const others = [
        { ...waiting[0]!, brand: 'acme' },
        { ...waiting[1]!, requestedAt: NOW + 1 },
      ];
      const named = (requests: ConfirmationRequest[]): string[][] =>
        askedTogether(requests).map((group) => group.map(({ purpose }) => purpose));
      expect(named([...waiting, ...others])).toEqual([['events', 'newsletter'], ['newsletter'], ['events']]);
      expect(named(waiting.toReversed())).toEqual([['events', 'newsletter']]);
      expect(requestId(ADA, waiting[1]!, purposes.toReversed())).toBe(all.messageId);
      expect(requestId(ADA, waiting[1]!, ['events'])).not.toBe(all.messageId);
    });

    test('its link confirms all that still waits, and overturns no word said since', () => {
      expect(stands(waiting)).toEqual({ standing: 'open', purposes });
      expect(stands(says('events', 'withdrawn'))).toEqual({ standing: 'open', purposes: ['newsletter'] });
      expect(stands(says('newsletter', 'granted'))).toEqual({ standing: 'open', purposes: ['events'] });
      expect(stands(says('newsletter', 'granted'), NOW + 7 * DAY)).toEqual({
        standing: 'confirmed',
        purposes: ['newsletter'],
      });
      expect(stands(says('newsletter', 'refused'), NOW + 7 * DAY)).toEqual({
        standing: 'taken-back',
        purposes: ['newsletter'],
      });
      expect(stands(waiting, NOW + 7 * DAY)).toEqual({ standing: 'expired', purposes });
      expect(stands(waiting, NOW + 1, { ...here, objects: true })).toEqual({ standing: 'taken-back', purposes });
    });

    test('a link to less than its message asked about, or to more, is none', () => {
      for (const other of [['newsletter'], ['events', 'newsletter', 'offers']])
        expect(standingOf(ADA, { ...all, purposes: other }, waiting, here, NOW + 1).standing).toBe('expired');
    });
  });

  test('the confirmation is a consent with both instants, in the words that were agreed to', () => {
    const words = wordsOf(chain(ADA, null, tell(), NOW), request());
    expect(confirmationOf(request(), { messageId: 'm', addressMark: MARK }, words, SEEN, NOW + DAY)).toEqual({
      channel: 'email',
      purpose: 'newsletter',
      action: 'granted',
      at: NOW + DAY,
      requestedAt: NOW,
      legalBasis: 'consent',
      source: { kind: 'double-opt-in', reference: 'm' },
      ...WORDS,
      ...SEEN,
      addressMark: MARK,
    });
  });

  test('a clock that runs behind cannot confirm before it was asked for', () => {
    expect(confirmationOf(request(), { messageId: 'm', addressMark: MARK }, WORDS, SEEN, NOW - 9).at).toBe(NOW);
  });
});

describe('L7: how a request stood at an instant', () => {
  const ledger = chain(ADA, null, tell(), NOW);

  test('it waits until its end, and is unknown from then on, also before that is written down', () => {
    expect(standingsAt(ledger, NOW + 1)).toMatchObject([{ state: 'pending', since: NOW }]);
    expect(standingsAt(ledger, NOW + 7 * DAY)).toMatchObject([{ state: 'unknown', since: NOW + 7 * DAY }]);
  });

  test('written down it says the same', () => {
    const both = chain(ADA, null, [...tell(), expiryOf(request())], NOW + 8 * DAY);
    expect(standingsAt(both, NOW + 6 * DAY)).toMatchObject([{ state: 'pending' }]);
    expect(standingsAt(both, NOW + 8 * DAY)).toMatchObject([{ state: 'unknown', since: NOW + 7 * DAY }]);
  });
});
