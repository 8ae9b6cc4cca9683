import { refuseEmpty, type RenderData } from '../../src/templates/index.ts';
import { compile, data, folder } from './folders.ts';

const html = (body: string): Record<string, string> => ({
  'email.html.hbs': body,
  'meta.yaml': 'subject: "{{event.subject}}"',
});

/** What is said of a message that is rendered so; undefined when it may leave. */
async function refused(
  files: Record<string, string>,
  channel: 'email' | 'sms',
  values: Partial<RenderData> = {},
): Promise<string | undefined> {
  const all = data({ event: { subject: 'Hello' }, ...values });
  const rendered = (await compile(folder(files))).render(channel, all, null);
  try {
    refuseEmpty(rendered, all);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('what a person would see nothing of is refused (D9)', () => {
  test.each([
    ['', 'empty'],
    ['  ', 'blank'],
    ['\u00a0\u200b\u2060', 'invisible'],
    ['\u3164\u2800', 'letters without a shape'],
  ])('a subject of %j (%s)', async (subject) => {
    expect(await refused(html('<p>Hello</p>'), 'email', { event: { subject } })).toBe('the subject is empty');
  });

  test.each([
    '{{event.body}}',
    '<html><head><title>x</title><style>p { color: red }</style></head><body><p>{{event.body}}</p></body></html>',
    '<div style="display:none">A gift waits &#847;&zwnj;&nbsp;</div><p>&nbsp;{{event.body}}<br></p>',
    '<!-- words --><table><tr><td>{{event.body}}</td></tr></table><img src="https://e.example/o.gif" width="1" height="1">',
  ])('a mail of %s', async (body) => {
    expect(await refused(html(body), 'email')).toBe('the mail is empty');
    expect(await refused(html(body), 'email', { event: { subject: 'Hello', body: 'A word' } })).toBeUndefined();
  });

  test('a mail of a picture alone is seen', async () => {
    expect(await refused(html('<img src="https://e.example/a.png" alt="">'), 'email')).toBeUndefined();
  });

  test.each([
    '{{event.body}}',
    '{{event.body}} STOP {{sender.stop}}',
    'RELANCE: {{event.body}}\nSTOP SMS au 36111',
    '\u200b {{event.body}}',
  ])('a text of %s', async (text) => {
    const sender = { name: 'Relance', sms: 'RELANCE', stop: '36111' };
    expect(await refused({ 'sms.txt.hbs': text }, 'sms', { sender })).toBe('the text is empty');
    const event = { body: 'Your parcel is here' };
    expect(await refused({ 'sms.txt.hbs': text }, 'sms', { sender, event })).toBeUndefined();
  });
});

describe('amounts, dates and numbers in a text are of plain blanks', () => {
  test('in a text message and in the text part, in French', async () => {
    const written = '{{money event.total "EUR"}} {{number event.points}} {{date event.at "long" time="short"}}';
    const template = await compile(
      folder({
        'sms.txt.hbs': written,
        'email.html.hbs': `<p>${written}</p>`,
        'meta.yaml': 'subject: x\nlocale: fr\n',
      }),
    );
    const values = data({ event: { total: 1234.5, points: 12345, at: 1_767_225_600_000 } });
    for (const { text } of [template.render('sms', values, 'fr'), template.render('email', values, 'fr')]) {
      expect(text).toContain('1 234,50 €');
      expect(text).not.toMatch(/[\u00a0\u202f\u2009]/);
    }
  });
});

describe('nothing that runs becomes an address', () => {
  const HOSTILE = [
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'java&#115;cript:alert(1)',
    'javascript&colon;alert(1)',
  ];
  const RUNS = /(?:href|src|action)\s*=\s*["']?\s*(?:javascript|data|vbscript):/i;

  test.each(HOSTILE)('%j from a contact, an event or data', async (url) => {
    const places = ['event.url', 'contact.url', 'data.url'].flatMap((name) => [
      `<a href="{{${name}}}">x</a>`,
      `<a href="{{{${name}}}}">x</a>`,
      `<a href=" {{default ${name} "https://e.example/"}}">x</a>`,
      `<img src='{{${name}}}'>`,
      `<form action="{{${name}}}"></form>`,
      `<a href={{${name}}}>x</a>`,
      `{{#with event}}<a href="{{url}}">x</a>{{/with}}`,
      `<a href="{{#if ${name}}}{{${name}}}{{/if}}">x</a>`,
      `<a href="java{{event.rest}}">x</a>`,
    ]);
    const values = data({
      event: { url, rest: 'script:alert(1)' },
      contact: { ...data().contact, url },
      data: { url },
    });
    const template = await compile(folder({ 'email.html.hbs': places.join('\n'), 'meta.yaml': 'subject: x' }));
    const rewriter = { link: (target: string) => target, tail: () => '' };
    for (const rendered of [template.render('email', values, null), template.render('email', values, null, rewriter)]) {
      // As a browser reads it: without the controls that it leaves out, and with its entities decoded once.
      const seen = rendered.html
        .replaceAll(/[\t\n\u0001]/g, '')
        .replaceAll('&#115;', 's')
        .replaceAll('&colon;', ':');
      expect(seen).not.toMatch(RUNS);
      expect(rendered.text.replaceAll(/[\t\n\u0001]/g, '')).not.toMatch(/<\s*(?:javascript|vbscript|data):/i);
    }
  });

  test('one that the author wrote', async () => {
    const template = await compile(
      folder({ 'email.html.hbs': '<a href="&#106;avascript:alert(1)">x</a>', 'meta.yaml': 'subject: x' }),
    );
    expect(template.render('email', data(), null).html).toContain('href="#"');
  });

  test('addresses of the web, of mail and of telephones stay', async () => {
    const urls = ['https://e.example/?a=1&b=2', 'mailto:care@example.com', 'tel:+33612345678', '/here', '#there'];
    const source = urls.map((_url, index) => `<a href="{{event.u${index}}}">x</a>`).join('');
    const event = Object.fromEntries(urls.map((url, index) => [`u${index}`, url]));
    const template = await compile(folder({ 'email.html.hbs': source, 'meta.yaml': 'subject: x' }));
    const { html: written } = template.render('email', data({ event }), null);
    for (const url of urls) expect(written.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')).toContain(url);
  });
});

describe('the text part', () => {
  const textOf = async (body: string, values: RenderData = data()): Promise<string> => {
    const template = await compile(folder({ 'email.html.hbs': body, 'meta.yaml': 'subject: x' }));
    return template.render('email', values, null).text;
  };

  test('a table reads as one: a row a line, its cells apart', async () => {
    const items = [
      { name: 'Lamp', price: 20 },
      { name: 'Desk', price: 130 },
    ];
    const body = `<table><tr><th>Item</th><th>Price</th></tr>{{#each data.items}}<tr><td><p>{{name}}</p></td><td>{{price}} €</td></tr>{{/each}}</table>`;
    expect((await textOf(body, data({ data: { items } }))).split(/\n+/)).toEqual([
      'Item | Price',
      'Lamp | 20 €',
      'Desk | 130 €',
    ]);
  });

  test('a layout of tables is no table', async () => {
    const inner = '<table><tr><td><p>One</p></td></tr></table>';
    expect(await textOf(`<table><tr><td>${inner}</td><td>${inner}</td></tr></table>`)).not.toContain('|');
  });

  test('an address with blanks stays whole', async () => {
    const asked: string[] = [];
    const rewriter = {
      link: (target: string) => (asked.push(target), `https://t.example/${asked.length}`),
      tail: () => '',
    };
    const template = await compile(
      folder({
        'email.html.hbs': '<a href="https://e.example/a b">one</a> <a href="https://e.example/{{event.name}}">two</a>',
        'meta.yaml': 'subject: x',
      }),
    );
    const { html: written, text } = template.render('email', data({ event: { name: 'c d' } }), null, rewriter);
    expect(new Set(asked)).toEqual(new Set(['https://e.example/a%20b', 'https://e.example/c%20d']));
    expect(`${written}${text}`).not.toMatch(/[ab] b|c d|%20/);
  });
});
