import fc from 'fast-check';
import { withConsent, type ConsentState } from '../../src/consent/state.ts';
import { anyEntry, NOW } from './factories.ts';

const anyWord: fc.Arbitrary<ConsentState> = anyEntry.map(({ channel, purpose, action, at, legalBasis }) => ({
  channel,
  purpose,
  state: action,
  at,
  legalBasis,
}));
const said = (words: readonly ConsentState[]): ConsentState[] => words.reduce<ConsentState[]>(withConsent, []);
const key = ({ channel, purpose }: ConsentState): string => `${channel} ${purpose}`;
const byKey = (states: readonly ConsentState[]): ConsentState[] =>
  states.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));

const word = (state: ConsentState['state'], at: number, channel = 'email', purpose = 'newsletter'): ConsentState => ({
  channel,
  purpose,
  state,
  at,
  legalBasis: null,
});

describe('C1: what a contact said last counts, by channel and purpose', () => {
  test('the order of arrival does not matter: only the instant at which something was said', () => {
    const distinct = fc
      .uniqueArray(anyWord, { selector: ({ at }) => at, maxLength: 6 })
      .chain((words) => fc.tuple(fc.constant(words), fc.shuffledSubarray(words, { minLength: words.length })));
    fc.assert(
      fc.property(distinct, ([words, shuffled]) => {
        expect(byKey(said(shuffled))).toEqual(byKey(said(words)));
      }),
    );
  });

  test('per channel and purpose the state is the latest word; among words of one instant, the last recorded', () => {
    fc.assert(
      fc.property(fc.array(anyWord, { maxLength: 12 }), (words) => {
        const expected = [...new Set(words.map(key))].map((one) =>
          words.filter((each) => key(each) === one).reduce((latest, each) => (each.at >= latest.at ? each : latest)),
        );
        expect(byKey(said(words))).toEqual(byKey(expected));
      }),
    );
  });

  test('a grant that is recorded late does not undo a withdrawal', () => {
    const withdrawn = word('withdrawn', NOW);
    expect(withConsent([withdrawn], word('granted', NOW - 1))).toEqual([withdrawn]);
  });

  test('a grant after a withdrawal holds', () => {
    expect(withConsent([word('withdrawn', NOW)], word('granted', NOW + 1))).toEqual([word('granted', NOW + 1)]);
  });

  test('one channel or purpose says nothing about another', () => {
    const states = [
      word('granted', NOW, 'email'),
      word('granted', NOW, 'sms'),
      word('granted', NOW, 'email', 'offers'),
    ];
    expect(withConsent(states, word('withdrawn', NOW + 1))).toEqual([word('withdrawn', NOW + 1), states[1], states[2]]);
  });

  test('what was known is left as it is', () => {
    const states = Object.freeze([Object.freeze(word('granted', NOW))]);
    withConsent(states, word('withdrawn', NOW + 1));
    expect(states).toEqual([word('granted', NOW)]);
  });
});
