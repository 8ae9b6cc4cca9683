import { parsePolicy } from '../../src/gate/index.ts';

const POLICY = `timezone: Europe/Paris
country: FR
senders: { brand: { email: hello@example.com } }
purposes: { newsletter: { label: Newsletter, legalBasis: consent } }
`;

/** Faults as `line:column code message — hint`. */
const faultsOf = (more: string): string[] =>
  parsePolicy(`${POLICY}${more}`, 'policy.yaml').faults.map(
    ({ line, column, code, message, hint }) =>
      `${line}:${column} ${code} ${message}${hint === undefined ? '' : ` — ${hint}`}`,
  );

test.each([
  [
    'pressure: [{ rule: weekly, window: { rolling: 7d }, max: [{ when: { event: Paid }, max: 2 }, { otherwise: 1 }] }]\n',
    /^5:\d+ wrong-condition a maximum cannot depend on events, messages/,
  ],
  ['audiences: { loop: { not: { audience: loop } } }\n', /^5:\d+ audience-circle refers to itself: loop → loop — /],
  ['audiences: { dear: { property: total, gte: 5 } }\n', /^5:\d+ property-without-event reads the property total/],
])('%s', (more, said) => {
  expect(faultsOf(more)).toEqual([expect.stringMatching(said)]);
});
