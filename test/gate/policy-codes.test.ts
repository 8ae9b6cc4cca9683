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
    /^5:\d+ wrong-condition a maximum cannot depend on events or messages/,
  ],
  [
    'audiences: { buyers: { event: Paid } }\npressure: [{ rule: weekly, window: { rolling: 7d }, max: [{ when: { audience: buyers }, max: 2 }, { otherwise: 1 }] }]\n',
    /^6:\d+ wrong-condition asks for the audience buyers, which depends on events or messages — /,
  ],
  [
    'pressure: [{ rule: weekly, window: { rolling: 7d }, max: [{ when: { audience: vip }, max: 2 }, { otherwise: 1 }] }]\n',
    /^5:\d+ unknown-audience there is no audience called vip — /,
  ],
  [
    'pressure: [{ rule: weekly, max: 4 }]\n',
    /^5:\d+ missing-key "window" `window` is missing: say in what span of time/,
  ],
  [
    'pressure: [{ rule: weekly, window: { rolling: 7d }, max: 1.5 }]\n',
    /^5:\d+ wrong-value 1.5: must be a whole number/,
  ],
  [
    'pressure: [{ rule: apart, window: { gap: 2h }, unit: sms-parts }]\n',
    /^5:\d+ wrong-value "sms-parts": does not go with a gap, which allows one message/,
  ],
  [
    'pressure: [{ rule: felt, unit: { score: { weights: {}, halfLife: 3d } }, max: 2 }]\n',
    /^5:\d+ wrong-value must give a weight to some channel, such as `{ email: 1, sms: 3 }`/,
  ],
  ['audiences: { loop: { not: { audience: loop } } }\n', /^5:\d+ audience-circle refers to itself: loop → loop — /],
  ['audiences: { dear: { property: total, gte: 5 } }\n', /^5:\d+ property-without-event reads the property total/],
])('%s', (more, said) => {
  expect(faultsOf(more)).toEqual([expect.stringMatching(said)]);
});
