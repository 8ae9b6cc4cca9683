import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TemplateFolder } from '../../src/templates/index.ts';
import { checkTemplate, readTemplateFolders } from '../../src/templates/index.ts';
import { faultsOf, folder, mail, mjml, places } from './folders.ts';

const UNSUBSCRIBE = '<a href="{{links.unsubscribe}}">x</a>';
const sms = (source: string): TemplateFolder => folder({ 'sms.txt.hbs': `${source} STOP 36000` });

test('a good template has no faults, and tells what it is', async () => {
  const info = await checkTemplate(
    mail(
      `Hi {{default contact.firstName "you"}}, {{data.offer}} {{#each data.items}}{{name}}{{/each}} ${UNSUBSCRIBE}`,
      {
        'sms.txt.hbs': 'Hi STOP 36000',
        'fr/meta.yaml': 'subject: Bonjour',
      },
    ),
  );
  expect(info).toEqual({
    id: 'hello',
    channels: ['email', 'sms'],
    confirm: null,
    confirmable: false,
    addressed: false,
    locales: ['fr'],
    languages: ['en', 'fr'],
    dataKeys: ['items', 'offer'],
    eventKeys: [],
    promotion: null,
    unsubscribable: true,
    stoppable: true,
    namesStopNumber: true,
    faults: [],
  });
});

describe('what a contact may lack needs default', () => {
  test.each<[string, string[]]>([
    ['{{contact.firstName}}', ['hello/sms.txt.hbs:1:3 template-variable-needs-default']],
    ['Hi\n  {{event.total}}', ['hello/sms.txt.hbs:2:5 template-variable-needs-default']],
    ['{{date contact.birthday "long"}}', ['hello/sms.txt.hbs:1:8 template-variable-needs-default']],
    ['{{default contact.firstName contact.lastName}}', []],
    ['{{date (default contact.birthday "--01-01")}}', []],
    ['{{#if contact.firstName}}{{contact.firstName}}{{/if}}', []],
    [
      '{{#if contact.firstName}}x{{else}}{{contact.firstName}}{{/if}}',
      ['hello/sms.txt.hbs:1:37 template-variable-needs-default'],
    ],
    ['{{#unless contact.firstName}}x{{else}}{{contact.firstName}}{{/unless}}', []],
    ['{{#if (eq contact.country "FR")}}{{contact.country}}{{/if}}', []],
    ['{{#with event}}{{total}}{{/with}}', []],
    ['{{contact.id}} {{links.webview}} {{sender.name}} {{enrollment.id}} {{data.offer}}', []],
    [
      '{{#each data.items}}{{@root.contact.firstName}}{{/each}}',
      ['hello/sms.txt.hbs:1:23 template-variable-needs-default'],
    ],
  ])('%s', async (source, expected) => {
    expect(places(await faultsOf(sms(source)))).toEqual(expected);
  });

  test('in a subject the place is that in meta.yaml', async () => {
    const faults = await faultsOf(
      mail(UNSUBSCRIBE, { 'meta.yaml': 'preheader: Look\nsubject: "Hi {{contact.firstName}}"' }),
    );
    expect(places(faults)).toEqual(['hello/meta.yaml:2:16 template-variable-needs-default']);
  });
});

describe('faults name their place and what to write', () => {
  test.each<[string, string, RegExp]>([
    ['{{firstName}}', '1:3 template-unknown-variable', /write contact\.firstName/],
    ['{{contcat.id}}', '1:3 template-unknown-variable', /did you mean contact\?/],
    ['{{links.unsubscribed}}', '1:3 template-unknown-variable', /did you mean links\.unsubscribe\?/],
    ['{{dat event.at}}', '1:1 template-unknown-helper', /did you mean date\?/],
    ['{{lookup contact "x"}}', '1:1 template-unknown-helper', /helpers are/],
    ['{{log contact.email}}', '1:1 template-unknown-helper', /helpers are/],
    ['a\n{{date event.at "tiny"}}', '2:17 template-helper-arguments', /formats are short/],
    ['{{money event.total}}', '1:1 template-helper-arguments', /\{\{money event\.total "EUR"\}\}/],
    ['{{plural event.total one="x"}}', '1:1 template-helper-arguments', /other=/],
    ['{{number event.total digit=2}}', '1:1 template-helper-arguments', /digits=0/],
    ['{{#eq contact.id "x"}}y{{/eq}}', '1:1 template-unknown-block', /\{\{#if \(eq …\)\}\}/],
    ['{{#contact}}y{{/contact}}', '1:1 template-unknown-block', /if, unless, each and with/],
    ['{{> footer}}', '1:1 template-partial', /write the text here/],
    ['a {{{{raw}}}}x{{{{/raw}}}}', '1:3 template-raw-block', /write \{\{…\}\}/],
    ['a\nb {{#if event.total}}x', '2:23 template-syntax', /tags are/],
    ['{{#if event.total}}x{{/unless}}', '1:4 template-syntax', /tags are/],
    ['Hi {{contact.firstName}', '1:23 template-syntax', /tags are/],
  ])('%s', async (source, place, hint) => {
    const faults = await faultsOf(folder({ 'sms.txt.hbs': source }));
    const fault = faults.find(({ severity }) => severity === 'error');
    expect(places([fault!])).toEqual([`hello/sms.txt.hbs:${place}`]);
    expect(fault!.hint).toMatch(hint);
  });

  test('a name inside a loop that is meant for the root', async () => {
    const faults = await faultsOf(sms('{{#each data.items}}{{contact.id}}{{/each}}'));
    expect(faults).toMatchObject([
      { code: 'template-unknown-variable', severity: 'warning', hint: 'write @root.contact.id' },
    ]);
  });

  test('a value written into HTML without escaping is a warning, into text it is none', async () => {
    const faults = await faultsOf(
      mail(`{{{data.banner}}} {{&data.banner}} ${UNSUBSCRIBE}`, { 'email.txt.hbs': '{{{data.banner}}}' }),
    );
    expect(places(faults)).toEqual([
      'hello/email.mjml.hbs:2:10 template-unescaped',
      'hello/email.mjml.hbs:2:28 template-unescaped',
    ]);
  });
});

describe('MJML is checked strictly, with the line of the file', () => {
  test.each<[string, string, RegExp]>([
    ['\n<mj-txt>x</mj-txt>', 'hello/email.mjml.hbs:3 template-mjml', /mj-txt/],
    ['{{! one\ntwo }}\n<mj-text colour="red">x</mj-text>', 'hello/email.mjml.hbs:4 template-mjml', /colour/],
    ['<mj-text font-size="{{data.size}}">x</mj-text>', 'hello/email.mjml.hbs:2 template-mjml', /\{\{data\.size\}\}/],
    ['<mj-include path="/etc/passwd" />', 'hello/email.mjml.hbs:2 template-include', /not allowed/],
  ])('%j', async (content, place, message) => {
    const template = folder({
      'meta.yaml': 'subject: Hi',
      'email.mjml.hbs': mjml(`${content}<mj-text>${UNSUBSCRIBE}</mj-text>`),
    });
    const faults = (await faultsOf(template)).filter(({ severity }) => severity === 'error');
    expect(places(faults)).toContain(place);
    expect(faults[0]!.message).toMatch(message);
  });
});

describe('the template as a whole', () => {
  test.each<[string, TemplateFolder, string[]]>([
    ['no files', folder({}), ['hello template-empty']],
    ['only a locale folder', folder({ 'fr/sms.txt.hbs': 'x STOP' }), ['hello template-empty']],
    [
      'no subject',
      folder({ 'email.mjml.hbs': mjml(`<mj-text>${UNSUBSCRIBE}</mj-text>`) }),
      ['hello/meta.yaml template-subject-missing'],
    ],
    ['no link to unsubscribe', mail('Hi'), ['hello/email.mjml.hbs template-no-unsubscribe']],
    ['no STOP', folder({ 'sms.txt.hbs': 'Hi, do not stop' }), ['hello/sms.txt.hbs template-no-stop']],
    ['a file nobody reads', mail(UNSUBSCRIBE, { 'email.mjml': 'x' }), ['hello/email.mjml template-unknown-file']],
    [
      'a folder that is no language',
      mail(UNSUBSCRIBE, { 'draft copy/meta.yaml': 'subject: x' }),
      ['hello/draft copy template-locale'],
    ],
    ['two mails', mail(UNSUBSCRIBE, { 'email.html.hbs': UNSUBSCRIBE }), ['hello/email.html.hbs template-two-mails']],
    [
      'a French mail with an English subject',
      mail(UNSUBSCRIBE, { 'fr/email.html.hbs': UNSUBSCRIBE }),
      ['hello/fr/email.html.hbs template-subject-language'],
    ],
    [
      'an unknown key',
      mail(UNSUBSCRIBE, { 'meta.yaml': 'subject: x\nsubjet: y' }),
      ['hello/meta.yaml:2:1 template-meta'],
    ],
    [
      'YAML that cannot be read',
      mail(UNSUBSCRIBE, { 'meta.yaml': 'subject: "x' }),
      ['hello/meta.yaml:1:10 template-meta'],
    ],
    [
      'a sender that is no address',
      mail(UNSUBSCRIBE, { 'meta.yaml': 'subject: x\nfrom: nobody' }),
      ['hello/meta.yaml:2:7 template-meta'],
    ],
    [
      'a sample that cannot be written',
      folder({ 'sms.txt.hbs': '{{date data.day}} STOP', 'meta.yaml': 'sample: { data: { day: someday } }' }),
      ['hello/sms.txt.hbs template-render'],
    ],
  ])('%s', async (_name, template, expected) => {
    expect(places(await faultsOf(template)).sort()).toEqual([...expected].sort());
  });
});

describe('reading folders', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'templates-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('text files are read with their locale folders; pictures and hidden files are not', async () => {
    mkdirSync(join(directory, 'welcome', 'fr'), { recursive: true });
    writeFileSync(join(directory, 'welcome', 'sms.txt.hbs'), '\uFEFFHi');
    writeFileSync(join(directory, 'welcome', 'fr', 'sms.txt.hbs'), 'Salut');
    writeFileSync(join(directory, 'welcome', 'logo.png'), 'x');
    writeFileSync(join(directory, 'welcome', '.sms.txt.hbs'), 'x');
    writeFileSync(join(directory, 'README.md'), 'x');
    expect(await readTemplateFolders(directory)).toEqual([
      { id: 'welcome', files: { 'sms.txt.hbs': 'Hi', 'fr/sms.txt.hbs': 'Salut' } },
    ]);
  });

  test('a folder whose name is no id is refused by name', async () => {
    mkdirSync(join(directory, 'Welcome Mail'));
    await expect(readTemplateFolders(directory)).rejects.toMatchObject({
      faults: [{ code: 'template-id', message: expect.stringContaining('Welcome Mail') }],
    });
  });

  test('a folder that is not there has no templates', async () => {
    expect(await readTemplateFolders(join(directory, 'none'))).toEqual([]);
  });
});

test('a preheader in meta.yaml and in mj-preview is told: template-preheader-twice', async () => {
  const faults = await faultsOf(
    folder({
      'email.mjml.hbs': `<mjml><mj-head><mj-preview>Look</mj-preview></mj-head><mj-body><mj-section><mj-column><mj-text>${UNSUBSCRIBE}</mj-text></mj-column></mj-section></mj-body></mjml>`,
      'meta.yaml': 'subject: Hello\npreheader: Look\n',
    }),
  );
  expect(places(faults)).toEqual(['hello/email.mjml.hbs template-preheader-twice']);
});

describe('template-sms-parts (L26)', () => {
  const long = (letters: number, more = ''): string => `${'a'.repeat(letters)}${more} STOP 36000`;
  const said = async (files: Record<string, string>): Promise<string[]> =>
    (await faultsOf(folder(files)))
      .filter(({ code }) => code === 'template-sms-parts')
      .map(({ file, line, column, message, hint }) => `${file}:${line}:${column} ${message} — ${hint}`);

  test('one part is not told, one character more is', async () => {
    expect(await said({ 'sms.txt.hbs': long(149) })).toEqual([]);
    expect(await said({ 'sms.txt.hbs': long(150) })).toEqual([
      'hello/sms.txt.hbs:1:1 with its sample the text takes 2 parts, 1 character over 160 — shorten it by 1 to send it as one',
    ]);
  });

  test('the character that switches to UCS-2 is named with its place', async () => {
    expect(await said({ 'sms.txt.hbs': 'ê STOP 36000' })).toEqual([]);
    expect(await said({ 'sms.txt.hbs': `Hi\n${long(60, 'ê')}` })).toEqual([
      'hello/sms.txt.hbs:2:61 with its sample the text takes 2 parts, 5 characters over 70: "ê" is not in the GSM alphabet, so that only 70 fit instead of 160 — write it without "ê", and it fits into one',
    ]);
  });

  test('each language is counted, and what the sample brings in', async () => {
    const files = {
      'sms.txt.hbs': long(20),
      'fr/sms.txt.hbs': `${long(60)} {{default contact.firstName "x"}}`,
      'fr/meta.yaml': 'sample: { contact: { firstName: Chloê } }',
    };
    expect(await said(files)).toEqual([
      'hello/fr/sms.txt.hbs:1:1 with its sample the text takes 2 parts, 7 characters over 70: "ê" is not in the GSM alphabet, so that only 70 fit instead of 160 — write it without "ê", and it fits into one',
    ]);
  });
});

test.each([
  ['Your coupon is inside', 'coupon'],
  ['Now 20 % off', '20 % off'],
  ['Une remise vous attend', 'remise'],
  ['-10 % dès 20 euros', '-10 %'],
  ['https://example.com/promo', 'promo'],
  ['Your order has left', null],
  ['We promoted Ada', null],
  ['{{! coupon }} <!-- promo --> Thank you', null],
])('an offer in %j: %j (L24)', async (text, words) => {
  const { promotion } = await checkTemplate(sms(text));
  expect(promotion?.words ?? null).toBe(words);
});
