import { isWhole } from '../../src/templates/environment.ts';
import { decodeAttribute, markHtmlLinks, markTextLinks } from '../../src/templates/links.ts';
import type { LinkRewriter } from '../../src/templates/index.ts';
import { compile, data, folder } from './folders.ts';

const html = (source: string): string => markHtmlLinks(source, isWhole);

/** Writes down what it is asked. */
function noting(): LinkRewriter & { asked: [string, boolean][] } {
  const asked: [string, boolean][] = [];
  return {
    asked,
    link: (target, known) => {
      asked.push([target, known]);
      return `L${asked.length}`;
    },
    tail: () => '<i>tail</i>',
  };
}

describe('addresses of the HTML are found once a version, by what a parser sees', () => {
  test.each([
    ['<a href="https://a.example/x">', '<a href="{{#htmlLink true}}https://a.example/x{{/htmlLink}}">'],
    ["<A HREF='http://a.example'>", "<A HREF='{{#htmlLink true}}http://a.example{{/htmlLink}}'>"],
    ['<area href=https://a.example/x>', '<area href={{#htmlLink true}}https://a.example/x{{/htmlLink}}>'],
    // A tag with quotes and angles inside a quoted address is one address.
    [
      '<a title="a > b" href="https://a.example/{{default data.x "y>"}}">',
      '<a title="a > b" href="{{#htmlLink true}}https://a.example/{{default data.x "y>"}}{{/htmlLink}}">',
    ],
    [
      '<a {{#if data.x}}href="https://a.example/"{{/if}}>',
      '<a {{#if data.x}}href="{{#htmlLink true}}https://a.example/{{/htmlLink}}"{{/if}}>',
    ],
    ['<a href="{{data.url}}">', '<a href="{{#htmlLink true}}{{data.url}}{{/htmlLink}}">'],
  ])('%s', (source, marked) => {
    expect(html(source)).toBe(`${marked}{{{messageTail}}}`);
  });

  test.each([
    ['an address of the person', '<a href="{{links.unsubscribe}}">'],
    ['an address of mail', '<a href="mailto:care@example.com">'],
    ['a number', '<a href="tel:+33123456789">'],
    ['a place in the mail', '<a href="#top">'],
    ['a comment', '<!-- <a href="https://a.example/"> -->'],
    ['a comment of Handlebars', '{{!-- <a href="https://a.example/"> --}}'],
    ['text', 'see href="https://a.example/"'],
    ['a picture', '<img src="https://a.example/x.png">'],
    ['a stylesheet', '<link href="https://a.example/x.css">'],
    ['a style', '<style>a[href="https://a.example/"] { color: red }</style>'],
    ['an attribute that only sounds like it', '<a data-href="https://a.example/">'],
    ['half a block', '<a href="{{#if data.x}}https://a.example/">x</a>{{/if}}'],
  ])('%s stays as it is', (_what, source) => {
    expect(html(source)).toBe(`${source}{{{messageTail}}}`);
  });

  test.each(['{{event.url}}', 'https://{{contact.site}}/x', 'https://a.example{{contact.rest}}'])(
    'S3: where %s leads the author did not choose',
    (address) => {
      expect(html(`<a href="${address}">`)).toContain(`{{#htmlLink false}}${address}{{/htmlLink}}`);
    },
  );

  test('the tail stands at the end of the body, whatever a comment says', () => {
    expect(html('<body><!-- </body> -->x</body></html>')).toBe(
      '<body><!-- </body> -->x{{{messageTail}}}</body></html>',
    );
  });
});

test('addresses of the text part are found, without the punctuation after them', () => {
  expect(markTextLinks('Go to https://a.example/x?a={{data.b}}. Or <{{data.url}}> (https://b.example).', isWhole)).toBe(
    'Go to {{#textLink true}}https://a.example/x?a={{data.b}}{{/textLink}}. Or <{{#textLink true}}{{data.url}}{{/textLink}}> ({{#textLink true}}https://b.example{{/textLink}}).',
  );
  const untouched = '{{contact.firstName}} <{{links.unsubscribe}}> <{{sender.email}}> a@example.com';
  expect(markTextLinks(untouched, isWhole).replace(/\{\{[#/]textLink[^}]*\}\}/g, '')).toBe(untouched);
});

test('entities of an address are decoded as a browser does', () => {
  expect(decodeAttribute('https://a.example/?a=1&amp;b=2&#x3D;&quot;&copy=3')).toBe(
    'https://a.example/?a=1&b=2="&copy=3',
  );
});

describe('a rendered mail', () => {
  const files = {
    'meta.yaml': 'subject: Hello',
    'email.html.hbs':
      '<html><body><a href="https://a.example/?q={{data.q}}&amp;r=1">Go</a> {{#each data.items}}<a href="https://a.example/{{this}}">{{this}}</a>{{/each}}</body></html>',
  };
  const values = data({ data: { q: 'a&b', items: ['x'] } });

  test('has every address from the rewriter, in both parts, and the tail', async () => {
    const rewriter = noting();
    const { html: written, text } = (await compile(folder(files))).render('email', values, null, rewriter);
    expect(rewriter.asked).toEqual([
      ['https://a.example/?q=a&b&r=1', true],
      ['https://a.example/x', true],
      ['https://a.example/?q=a&b&r=1', true],
      ['https://a.example/x', true],
    ]);
    expect(written).toBe('<html><body><a href="L1">Go</a> <a href="L2">x</a><i>tail</i></body></html>');
    expect(text).toBe('Go <L3> x <L4>');
  });

  test('is to the letter what the author wrote without one', async () => {
    const { html: written, text } = (await compile(folder(files))).render('email', values, null);
    expect(written).toBe(
      '<html><body><a href="https://a.example/?q=a&amp;b&amp;r=1">Go</a> <a href="https://a.example/x">x</a></body></html>',
    );
    expect(text).toBe('Go <https://a.example/?q=a&b&r=1> x <https://a.example/x>');
  });

  test('a value that arrived with an event makes no link of ours, wherever it stands', async () => {
    const rewriter = noting();
    const evil = { 'meta.yaml': 'subject: Hello', 'email.html.hbs': '<p>{{contact.firstName}}</p>' };
    const template = await compile(folder(evil));
    template.render('email', data({ contact: { firstName: 'https://evil.example/' } }), null, rewriter);
    expect(rewriter.asked).toEqual([]);
  });
});
