import type { RenderData } from '../../src/templates/index.ts';
import { RenderError } from '../../src/templates/index.ts';
import { compile, data, folder, mail, mjml } from './folders.ts';

const contact = (fields: Record<string, unknown>): RenderData => data({ contact: { ...data().contact, ...fields } });
const text = async (source: string, values: RenderData = data(), locale: string | null = null): Promise<string> =>
  (await compile(folder({ 'sms.txt.hbs': source }))).render('sms', values, locale).text;

describe('MJML keeps tags wherever they stand', () => {
  test('between elements, in attributes with quotes of their own, in URLs, in colours and in loops', async () => {
    const template = await compile(
      folder({
        'meta.yaml': 'subject: Hi',
        'email.mjml.hbs': mjml(`{{#if (eq contact.country "FR")}}
          <mj-text>Bonjour</mj-text>
          {{else}}<mj-text>Hello</mj-text>{{/if}}
          {{!-- a "quoted" > comment
          of two lines --}}
          {{#each data.items}}<mj-button href="{{default url "https://shop.example.com/"}}?id={{@root.contact.id}}&b=1" background-color="{{color}}">{{name}}</mj-button>{{/each}}`),
      }),
    );
    const items = [
      { name: 'Hat', url: 'https://a.example.com/', color: '#123456' },
      { name: 'Coat', color: '#654321' },
    ];
    const { html, text: plain } = template.render('email', data({ data: { items } }), null);
    expect(html).toContain('Bonjour');
    expect(html).not.toContain('Hello');
    expect(html).toContain('href="https://a.example.com/?id=00000000-0000-4000-8000-000000000000&b=1"');
    expect(html).toContain('href="https://shop.example.com/?id=');
    expect(html).toMatch(/background:\s*#123456[\s\S]*background:\s*#654321/);
    expect(html).not.toMatch(/\{\{|hbsx|comment/);
    expect(plain).toBe(
      'Bonjour\n\nHat <https://a.example.com/?id=00000000-0000-4000-8000-000000000000&b=1>\n\nCoat <https://shop.example.com/?id=00000000-0000-4000-8000-000000000000&b=1>',
    );
  });

  test('between sections and columns', async () => {
    const template = await compile(
      folder({
        'meta.yaml': 'subject: Hi',
        'email.mjml.hbs': `<mjml><mj-body>{{#if event.total}}<mj-section><mj-column><mj-text>Total</mj-text></mj-column></mj-section>{{/if}}
          <mj-section>{{#unless event.total}}<mj-column><mj-text>None</mj-text></mj-column>{{/unless}}</mj-section></mj-body></mjml>`,
      }),
    );
    expect(template.render('email', data({ event: { total: 1 } }), null).text).toBe('Total');
    expect(template.render('email', data({ event: {} }), null).text).toBe('None');
  });

  test('nothing is loaded from elsewhere that the template does not name', async () => {
    const { html } = (await compile(mail('Hi'))).render('email', data(), null);
    expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });
});

describe('escaping', () => {
  const evil = `<img src=x onerror="alert('1')">&`;

  test('HTML is escaped in HTML, in text and in attributes', async () => {
    const template = await compile(
      mail('{{contact.firstName}} <a href="https://x.example.com/?n={{contact.firstName}}">x</a>'),
    );
    const { html } = template.render('email', contact({ firstName: evil }), null);
    expect(html).not.toContain('<img src=x');
    expect(html).toContain('&lt;img src&#x3D;x onerror&#x3D;&quot;alert(&#x27;1&#x27;)&quot;&gt;&amp;');
  });

  test('subject, text part and SMS are written as they are', async () => {
    const template = await compile(
      mail('{{contact.firstName}}', {
        'meta.yaml': 'subject: "For {{contact.firstName}}"',
        'sms.txt.hbs': '{{contact.firstName}}',
      }),
    );
    const rendered = template.render('email', contact({ firstName: evil }), null);
    expect(rendered.subject).toBe(`For ${evil}`);
    expect(rendered.text).toBe(evil);
    expect(template.render('sms', contact({ firstName: evil }), null).text).toBe(evil);
  });

  test.each([
    'Ada\r\nBcc: eve@example.com',
    'Ada\nBcc: eve@example.com',
    'Ada\u2028Bcc: eve@example.com',
    'Ada\u0000Bcc: eve@example.com',
  ])('a subject is one line whatever a contact is called: %j', async (firstName) => {
    const template = await compile(mail('x', { 'meta.yaml': 'subject: "{{contact.firstName}}!"' }));
    expect(template.render('email', contact({ firstName }), null).subject).toBe('Ada Bcc: eve@example.com!');
  });

  test('values are never read as tags', async () => {
    expect(await text('{{contact.firstName}}', contact({ firstName: '{{sender.email}}' }))).toBe('{{sender.email}}');
  });
});

describe('a template reaches own values only (S4)', () => {
  test.each([
    '{{contact.constructor.name}}',
    '{{contact.__proto__}}',
    '{{contact.__defineGetter__}}',
    '{{contact.toString}}',
    '{{contact.hasOwnProperty}}',
    '{{data.list.length}}{{data.list.map}}',
    '{{contact.firstName.constructor}}',
    '{{#with contact}}{{constructor}}{{/with}}',
  ])('%s writes nothing of a prototype', async (source) => {
    expect(await text(source, data({ data: { list: [] } }))).toBe(source.includes('length') ? '0' : '');
  });

  test.each([
    '{{lookup contact "firstName"}}',
    '{{log contact.email}}',
    '{{helperMissing}}{{x y}}',
    '{{> other}}',
    '{{#* inline "x"}}{{/inline}}',
    '{{contact.toString "x"}}',
  ])('%s is refused', async (source) => {
    await expect(compile(folder({ 'sms.txt.hbs': source }))).rejects.toThrow(/cannot be used/);
  });

  test('an attribute called __proto__ or constructor is an attribute', async () => {
    const attributes = JSON.parse('{"__proto__": {"x": "1"}, "constructor": "2"}') as Record<string, unknown>;
    expect(await text('{{contact.x}}|{{contact.constructor}}', data({ contact: attributes }))).toBe('|2');
  });
});

describe('helpers write by locale and zone', () => {
  const at = Date.parse('2026-03-02T23:30:00Z');
  const event = { at, total: 1234.5, count: 1, day: '2026-02-28' };
  const zone = (timezone: string): RenderData => data({ event, timezone });
  /** Spaces that do not break are told apart by nobody who reads a test. */
  const plain = (written: string): string => written.replace(/[\u00a0\u202f]/g, ' ');

  test.each<[string, string | null, string, string]>([
    ['{{date event.at "long"}}', 'en-US', 'Europe/Paris', 'March 3, 2026'],
    ['{{date event.at "long"}}', 'en-GB', 'Europe/Paris', '3 March 2026'],
    ['{{date event.at "long"}}', 'en-US', 'America/New_York', 'March 2, 2026'],
    ['{{date event.at}}', 'en', 'UTC', 'Mar 2, 2026'],
    ['{{date event.at "short"}}', 'en', 'UTC', '3/2/26'],
    ['{{date event.at "full"}}', 'en', 'UTC', 'Monday, March 2, 2026'],
    ['{{date event.at "short" time="short"}}', 'en-GB', 'Europe/Paris', '03/03/2026, 00:30'],
    ['{{date event.day "long"}}', 'en-GB', 'Pacific/Auckland', '28 February 2026'],
    ['{{date "--02-29" "long"}}', 'en-GB', 'UTC', '29 February'],
    ['{{date 1776211200 "long"}}', 'en-GB', 'America/New_York', '14 April 2026'],
    ['{{date "2026-04-15 08:30:00" "short" time="short"}}', 'en-GB', 'America/New_York', '15/04/2026, 08:30'],
    ['{{date event.missing "long"}}', 'en', 'UTC', ''],
    ['{{money event.total "EUR"}}', 'en', 'UTC', '€1,234.50'],
    ['{{money event.missing "EUR"}}', 'en', 'UTC', ''],
    ['{{number event.total}}', 'en', 'UTC', '1,234.5'],
    ['{{number event.total digits=0}}', 'en', 'UTC', '1,235'],
    ['{{plural event.count one="# order" other="# orders"}}', 'en', 'UTC', '1 order'],
    ['{{plural 0 one="# order" other="# orders"}}', 'en', 'UTC', '0 orders'],
    ['{{plural 0 zero="none" one="# order" other="# orders"}}', 'en', 'UTC', 'none'],
    ['{{default event.missing "there"}}', 'en', 'UTC', 'there'],
    ['{{default "" "there"}}', 'en', 'UTC', 'there'],
    ['{{default 0 "there"}}', 'en', 'UTC', '0'],
    ['{{money (default event.missing 5) "EUR"}}', 'en', 'UTC', '€5.00'],
    ['{{#if (eq event.count "1")}}one{{else}}other{{/if}}', 'en', 'UTC', 'one'],
    ['{{#if (eq event.missing null)}}one{{else}}other{{/if}}', 'en', 'UTC', 'other'],
  ])('%s for %s in %s is "%s"', async (source, locale, timezone, written) => {
    expect(await text(source, zone(timezone), locale)).toBe(written);
  });

  test.each([
    ['{{date event.at "long"}}', '2 mars 2026'],
    ['{{money event.total "EUR"}}', '1 234,50 €'],
    ['{{plural 0 one="# commande" other="# commandes"}}', '0 commande'],
    ['{{date "--02-29" "long"}}', '29 février'],
  ])('%s in a French variant is "%s"', async (source, written) => {
    const template = await compile(folder({ 'sms.txt.hbs': 'en', 'fr/sms.txt.hbs': source }));
    expect(plain(template.render('sms', zone('UTC'), 'fr-FR').text)).toBe(written);
  });

  test('text in the default language keeps its numbers and dates in that language for everybody', async () => {
    expect(await text('On {{date event.at "long"}}', zone('UTC'), 'fr-FR')).toBe('On March 2, 2026');
    const template = await compile(folder({ 'sms.txt.hbs': 'Le {{date event.at "long"}}', 'meta.yaml': 'locale: fr' }));
    expect(template.render('sms', zone('UTC'), 'en-GB').text).toBe('Le 2 mars 2026');
  });

  test("dates are in the contact's zone when nothing else is said", async () => {
    expect(await text('{{date event.at "short"}}', data({ event, contact: { timezone: 'Asia/Tokyo' } }), 'en')).toBe(
      '3/3/26',
    );
  });

  test.each([
    '{{date contact.firstName}}',
    '{{money contact.firstName "EUR"}}',
    '{{money 5 contact.firstName}}',
    '{{number contact.firstName}}',
    '{{date event.at contact.firstName}}',
    '{{date "2026-02-31"}}',
    '{{date "2026-02-31T10:00:00Z"}}',
    '{{date 20260415}}',
  ])('%s cannot be written for this contact: a RenderError, without the value in it (D9, S5)', async (source) => {
    const template = await compile(folder({ 'sms.txt.hbs': source }));
    const render = (): unknown => template.render('sms', zone('UTC'), null);
    expect(render).toThrow(RenderError);
    expect(render).not.toThrow(/Ada/);
  });

  test('a zone that does not exist blocks the message and nothing else (D9)', async () => {
    const template = await compile(folder({ 'sms.txt.hbs': '{{date event.at}}' }));
    expect(() => template.render('sms', zone('Moon/Base'), null)).toThrow(RenderError);
    expect(template.render('sms', zone('UTC'), null).text).toBe('Mar 2, 2026');
  });
});

describe('languages', () => {
  const files = {
    'meta.yaml': 'subject: Hello\npreheader: Look\nfrom: Care <care@example.com>',
    'email.mjml.hbs': mjml('<mj-text>Hello</mj-text>'),
    'sms.txt.hbs': 'Hello',
    'fr/meta.yaml': 'subject: Bonjour',
    'fr/email.mjml.hbs': mjml('<mj-text>Bonjour</mj-text>'),
    'fr-CA/sms.txt.hbs': 'Allô',
    'pt-BR/sms.txt.hbs': 'Oi',
  };

  test.each<[string | null, string | null, string, string]>([
    [null, null, 'Hello', 'Hello'],
    ['en', null, 'Hello', 'Hello'],
    ['fr', 'fr', 'Bonjour', 'Hello'],
    ['fr-FR', 'fr', 'Bonjour', 'Hello'],
    ['fr_FR', 'fr', 'Bonjour', 'Hello'],
    ['FR-fr', 'fr', 'Bonjour', 'Hello'],
    ['fr-CA', 'fr-CA', 'Bonjour', 'Allô'],
    ['pt-BR', 'pt-BR', 'Hello', 'Oi'],
    ['pt', null, 'Hello', 'Hello'],
    ['fra nçais', null, 'Hello', 'Hello'],
  ])('%s gets the variant %s: mail "%s", text "%s"', async (locale, variant, mailText, smsText) => {
    const template = await compile(folder(files));
    const rendered = template.render('email', data(), locale);
    expect(rendered).toMatchObject({
      subject: mailText,
      text: mailText,
      locale: variant,
      from: 'Care <care@example.com>',
    });
    expect(rendered.html).toContain('Look');
    expect(template.render('sms', data(), locale).text).toBe(smsText);
  });

  test("a variant's HTML says its language", async () => {
    const template = await compile(folder(files));
    expect(template.render('email', data(), 'fr').html).toContain('lang="fr"');
    expect(template.render('email', data(), null).html).toContain('lang="und"');
  });

  test('the text part is never in another language than the HTML', async () => {
    const template = await compile(folder({ ...files, 'email.txt.hbs': 'Plain hello' }));
    expect(template.render('email', data(), null).text).toBe('Plain hello');
    expect(template.render('email', data(), 'fr').text).toBe('Bonjour');
  });
});

describe('the text part', () => {
  test('has the links, lists and pictures of the HTML, and leaves no holes where blocks wrote nothing', async () => {
    const template = await compile(
      folder({
        'meta.yaml': 'subject: Hi\npreheader: not in the text',
        'email.mjml.hbs': mjml(`<mj-text><h1>Hello {{contact.firstName}} &amp; co</h1><p>One</p></mj-text>
          {{#if data.none}}<mj-text>never</mj-text>{{/if}}{{#if data.none}}<mj-text>never</mj-text>{{/if}}
          <mj-image src="https://x.example.com/a.png" alt="A hat" />
          <mj-text><ul><li>a</li><li>b</li></ul><a href="{{links.unsubscribe}}">Unsubscribe</a></mj-text>`),
      }),
    );
    expect(template.render('email', data(), null).text).toBe(
      'Hello Ada & co\n\nOne\n\nA hat\n\n * a\n * b\n\nUnsubscribe <https://example.com/u/sample>',
    );
  });
});

test('email.html.hbs is taken as it is, and gets the preheader first', async () => {
  const html = '<html><body class="a>b"><p>Hi {{contact.firstName}}</p></body></html>';
  const template = await compile(
    folder({ 'email.html.hbs': html, 'meta.yaml': 'subject: Hi\npreheader: "Fish & <chips> {{contact.firstName}}"' }),
  );
  const rendered = template.render('email', data(), null);
  expect(rendered.html).toMatch(/^<html><body class="a>b"><div style="display:none[^"]*">Fish &amp; &lt;chips&gt; Ada/);
  expect(rendered.text).toBe('Hi Ada');
});

test('a channel without a file is a RenderError (D9)', async () => {
  const template = await compile(mail('Hi'));
  expect(template.channels).toEqual(['email']);
  expect(() => template.render('sms', data(), null)).toThrow(RenderError);
});
