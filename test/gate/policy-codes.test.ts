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

const escaped = (text: string): string => text.replaceAll(/[{}()[\]|.?*+^$\\]/g, String.raw`\$&`);

test.each([
  [
    'pressure: [{ rule: weekly, window: { rolling: 7d }, max: [{ when: { event: Paid }, max: 2 }, { otherwise: 1 }] }]\n',
    /^5:\d+ wrong-condition a maximum cannot depend on events, messages or an entry/,
  ],
  [
    'audiences: { buyers: { event: Paid } }\npressure: [{ rule: weekly, window: { rolling: 7d }, max: [{ when: { audience: buyers }, max: 2 }, { otherwise: 1 }] }]\n',
    /^6:\d+ wrong-condition asks for the audience buyers, which depends on events or messages — /,
  ],
  [
    'pressure: [{ rule: weekly, window: { rolling: 7d }, max: [{ when: { audience: vip }, max: 2 }, { otherwise: 1 }] }]\n',
    /^5:\d+ unknown-audience there is no audience called vip — /,
  ],
  ['pressure: [{ rule: weekly, max: 4 }]\n', /^5:\d+ missing-key "window" is missing: say in what span of time/],
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
  ...(
    [
      [
        '{ rule: w, window: 7d, max: 4 }',
        'wrong-value "7d": must say what span it is: write `{ rolling: 7d }`, `{ calendar',
      ],
      [
        '{ rule: w, window: { rolling: 7 }, max: 4 }',
        'wrong-duration 7: a duration without a unit — write 7d for days',
      ],
      [
        '{ rule: w, window: { rolling: 7d }, max: four }',
        'wrong-value "four": must be a number, such as `4`, or a list of',
      ],
      ['{ rule: w, window: { rolling: 7d } }', 'missing-key "max" is missing: say how many messages the window allows'],
      [
        '{ rule: w, scope: email, window: { gap: 2h } }',
        'wrong-type the text "email" stands where a map is needed — write which messages it is about, such as `{ channels: [email] }`',
      ],
      [
        '{ rule: w, scope: { channels: email }, window: { gap: 2h } }',
        'wrong-type the text "email" stands where a list is needed — write it as a list: [email]',
      ],
      [
        '{ rule: w, window: { gap: 2h }, onBlocked: hold }',
        'wrong-value "hold" is not known here — write `drop`, `exit`, `{ hold: 3d }` or `{ switch: sms }`',
      ],
      [
        '{ rule: w, window: { gap: 2h }, onBlocked: dorp }',
        'wrong-value "dorp" is not known here — did you mean drop?',
      ],
      [
        '{ rule: w, unit: parts, window: { rolling: 7d }, max: 4 }',
        'wrong-value "parts" is not known here — write `messages`, `sms-parts` or `{ score',
      ],
    ] as const
  ).map(([rule, said]): [string, RegExp] => [`pressure: [${rule}]\n`, new RegExp(`^5:\\d+ ${escaped(said)}`)]),
  ['exclusive: [{ rule: x, while: vip }]\n', /^5:\d+ wrong-value "vip": must be `\{ programme: welcome \}` or/],
  [
    'fatigue: { halfLife: 7d, signals: {}, levels: [{ from: 3, times: 0.5 }] }\n',
    /^5:\d+ wrong-value must give points to some signal, such as `\{ complaint: 10 \}`/,
  ],
  [
    'quietHours: [{ channels: [sms], countries: [UK], allow: "Mon-Sat 08:00-20:00" }]\n',
    /^5:\d+ wrong-value "UK": is the code of no country \(ISO 3166-1\)/,
  ],
  ['audiences: { loop: { not: { audience: loop } } }\n', /^5:\d+ audience-circle refers to itself: loop → loop — /],
  [
    'audiences: { dear: { attribute: cart, equals: { entry: cart } } }\n',
    /^5:\d+ entry-without-event reads cart of an entry/,
  ],
  ['audiences: { dear: { property: total, gte: 5 } }\n', /^5:\d+ property-without-event reads the property total/],
])('%s', (more, said) => {
  expect(faultsOf(more)).toEqual([expect.stringMatching(said)]);
});
