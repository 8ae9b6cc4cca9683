import { parsePolicy } from '../../src/gate/index.ts';
import { lintLibrary } from '../../src/scenarios/index.ts';
import { checkTemplate, type TemplateInfo } from '../../src/templates/index.ts';
import { read } from './files.ts';
import { NOW, policy, send, templates } from './lint-setting.ts';

const POLICY = `timezone: Europe/Paris
country: FR
senders:
  brand: { email: hello@example.com, address: "1 rue de la Paix, 75002 Paris" }
  bare: { email: bare@example.com }
  text: { sms: RELANCE }
purposes:
  newsletter: { label: Newsletter, legalBasis: consent }
  account: { label: Account, legalBasis: contract }
doubleOptIn:
`;
const DEFAULTS = { countries: '[DE]', template: 'confirm', sender: 'brand' };
const written = (lines: Record<string, string> = {}, more = ''): string =>
  `${POLICY}${Object.entries({ ...DEFAULTS, ...lines })
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `  ${key}: ${value}\n`)
    .join('')}${more}`;
const faults = (source: string): string[] =>
  parsePolicy(source, 'policy.yaml').faults.map(({ line, message }) => `${line} ${message}`);

/** Line 10 begins the block, 11 is its first key. */
describe('C4, L22: doubleOptIn of the policy', () => {
  test.each<[string, string]>([
    ['its least', written()],
    ['all countries', written({ countries: 'all' })],
    ['everything', written({ unknownCountry: 'trust', purposes: '[newsletter]', expires: '14d' })],
  ])('%s', (_name, source) => expect(faults(source)).toEqual([]));

  test.each<[string, string, RegExp]>([
    ['a country in small letters', written({ countries: '[de]' }), /two-letter country code/],
    ['no country', written({ countries: '[]' }), /./],
    ['one without a list', written({ countries: 'DE' }), /"DE" is not known here/],
    ['no end', written({ expires: '0d' }), /a duration here must be longer than nothing/],
    ['years', written({ expires: '3y' }), /of a year at most/],
    [
      'an unknown purpose',
      written({ purposes: '[news]' }),
      /no purpose is called `news`; there is newsletter, account/,
    ],
    ['a purpose without consent', written({ purposes: '[account]' }), /`account` rests on contract/],
    ['an unknown sender', written({ sender: 'brnad' }), /no sender is called `brnad`; there is brand, bare, text/],
    ['a sender who writes no mail', written({ sender: 'text' }), /`text` has no `email`/],
    ['a sender from nowhere', written({ sender: 'bare' }), /`bare` has no postal `address`/],
    ['another word', written({ unknownCountry: 'no' }), /./],
    [
      'a brand whose sender is from nowhere',
      written({}, 'brands: { a: { label: A, senders: [brand, text] }, b: { label: B, senders: [bare] } }\n'),
      /`bare` has no postal `address`/,
    ],
    [
      'a brand that writes no mail',
      written({}, 'brands: { a: { label: A, senders: [brand, bare] }, b: { label: B, senders: [text] } }\n'),
      /none of text has an `email`/,
    ],
  ])('refuses %s', (_name, source, said) => {
    expect(faults(source)).toHaveLength(1);
    expect(faults(source)[0]).toMatch(said);
  });
});

const BODY = `<!doctype html><html lang="en"><head><title>Confirm</title></head><body>
<p>{{data.purpose}}</p><a href="{{links.confirm}}">Confirm</a><p>{{sender.name}} {{sender.address}}</p></body></html>`;
const templateOf = (body: string, more: Record<string, string> = {}): Promise<TemplateInfo> =>
  checkTemplate({
    id: 'confirm',
    files: { 'meta.yaml': 'locale: en\nsubject: Please confirm\n', 'email.html.hbs': body, ...more },
  });
const lintPolicy = (infos: readonly TemplateInfo[]): string[] => {
  const file = parsePolicy(written(), 'policy.yaml');
  return lintLibrary({
    scenarios: [],
    policy: file.value,
    policyFile: { file: 'policy.yaml', ...file },
    templates: infos,
    now: NOW,
  }).map(
    ({ code, severity, file: name, line, column, message }) =>
      `${name}:${line}:${column} ${severity} ${code} ${message}`,
  );
};

describe('C4, L22: the mail that asks for a confirmation', () => {
  test('neutral, with its link and who asks, it is right, and lacks no way out', async () => {
    const info = await templateOf(BODY);
    expect(info.faults).toEqual([]);
    expect(lintPolicy([info])).toEqual([]);
  });

  test('it must be there, and be a mail', async () => {
    expect(lintPolicy([...templates])).toEqual([
      expect.stringMatching(/^policy\.yaml:12:13 error unknown-template there is no template called confirm$/),
    ]);
    const text = { id: 'confirm', files: { 'sms.txt.hbs': 'Confirm. STOP 36000' } };
    expect(lintPolicy([await checkTemplate(text)])).toEqual([expect.stringContaining('template-without-channel')]);
  });

  test.each<[string, string, string, Record<string, string>?]>([
    ['missing-confirm-link', 'a link', BODY.replace('{{links.confirm}}', 'https://example.com')],
    [
      'missing-confirm-link',
      'a link in each language',
      BODY,
      { 'fr/email.html.hbs': BODY.replace('{{links.confirm}}', '#') },
    ],
    ['confirmation-without-address', 'who asks', BODY.replace('{{sender.address}}', '')],
    ['promotion-in-confirmation', 'no offer', BODY.replace('<p>', '<p>10 % off for you')],
    ['missing-data', 'only what it is given', BODY.replace('data.purpose', 'data.code')],
  ])('%s: it needs %s', async (code, _what, body, more = {}) => {
    expect(lintPolicy([await templateOf(body, more)])).toEqual([
      expect.stringMatching(`^policy.yaml:12:13 error ${code} `),
    ]);
  });

  test('confirm-link-elsewhere: no scenario sends it', async () => {
    const info = { ...(await templateOf(BODY)), id: 'hello', channels: ['email' as const], unsubscribable: true };
    const found = lintLibrary({ scenarios: [read(send(''))], policy, templates: [info], now: NOW });
    expect(found.map(({ code, severity, message }) => [code, severity, message])).toEqual([
      ['missing-data', 'error', expect.anything()],
      [
        'confirm-link-elsewhere',
        'error',
        'template hello has links.confirm (confirm/email.html.hbs:2), and a message of a scenario has nothing to confirm',
      ],
    ]);
  });
});
