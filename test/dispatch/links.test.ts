import { openTrackingAllowed, type ConsentState } from '../../src/consent/index.ts';
import { MessageLinks } from '../../src/dispatch/message-links.ts';
import { readTracking } from '../../src/dispatch/tracking-token.ts';
import { utmOf, withUtm } from '../../src/dispatch/utm.ts';
import { parsePolicy } from '../../src/gate/index.ts';
import { message } from '../gate/factories.ts';

const options = { publicUrl: 'https://relance.example', secret: 'a-secret-of-the-tests-only' };
const sent = message({
  channel: 'email',
  scenarioId: 'welcome',
  template: 'hello',
  step: 'first',
  programme: 'onboarding',
});

describe('utm', () => {
  test('placeholders are those of the message', () => {
    const utm = {
      source: 'relance',
      medium: '{{channel}}',
      campaign: '{{ scenario }}-{{step}}',
      content: '{{template}} {{programme}}',
    };
    expect(utmOf(utm, sent)).toEqual([
      ['utm_source', 'relance'],
      ['utm_medium', 'email'],
      ['utm_campaign', 'welcome-first'],
      ['utm_content', 'hello onboarding'],
    ]);
  });

  test.each([
    ['https://a.example', 'https://a.example?utm_source=r%20s&utm_medium=email'],
    ['https://a.example/x?', 'https://a.example/x?utm_source=r%20s&utm_medium=email'],
    ['https://a.example/x?a=1', 'https://a.example/x?a=1&utm_source=r%20s&utm_medium=email'],
    ['https://a.example/x?a=1&#f?g', 'https://a.example/x?a=1&utm_source=r%20s&utm_medium=email#f?g'],
    ['https://a.example/#f', 'https://a.example/?utm_source=r%20s&utm_medium=email#f'],
    ['https://a.example/?utm_source=own', 'https://a.example/?utm_source=own&utm_medium=email'],
    ['https://a.example/?utm_source&utm_medium=', 'https://a.example/?utm_source&utm_medium='],
    ['https://a.example/?q=%C3%A9&x=a+b', 'https://a.example/?q=%C3%A9&x=a+b&utm_source=r%20s&utm_medium=email'],
  ])('%s', (url, expected) => {
    const parameters = [
      ['utm_source', 'r s'],
      ['utm_medium', 'email'],
    ] as const;
    expect(withUtm(url, parameters)).toBe(expected);
    expect(withUtm(expected, parameters)).toBe(expected);
  });

  test('a placeholder that does not exist is named with those that do', () => {
    const source = 'timezone: Europe/Paris\ncountry: FR\nsenders: {}\npurposes: {}\nutm: { campaign: "{{scenari}}" }\n';
    const { faults } = parsePolicy(source, 'policy.yaml');
    expect(faults).toEqual([
      expect.objectContaining({
        line: 5,
        message: expect.stringMatching(/\{\{scenari\}\}.*\{\{scenario\}\}/) as string,
      }),
    ]);
  });
});

describe('the links of one mail', () => {
  const links = (opens = false, more: { tracked?: boolean } = {}): MessageLinks =>
    new MessageLinks(sent, [['utm_source', 'relance']], { ...options, ...more }, opens);
  const target = (link: string): string | undefined =>
    readTracking(link.slice(link.lastIndexOf('/') + 1), 'click', options.secret)?.url;

  test('S3: the target is inside the signed token', () => {
    const link = links().link('https://a.example/x', true);
    expect(link).toMatch(/^https:\/\/relance\.example\/t\/c\/[\w-]+\.[\w-]+$/);
    expect(target(link)).toBe('https://a.example/x?utm_source=relance');
  });

  test('S3: what the author did not choose gets its parameters and stays a plain link', () => {
    expect(links().link('https://a.example/x', false)).toBe('https://a.example/x?utm_source=relance');
  });

  test.each([
    'mailto:a@example.com',
    'tel:+331',
    'javascript:alert(1)',
    'https://',
    '',
    'https://relance.example/u/token',
  ])('%s is left alone', (address) => expect(links().link(address, true)).toBe(address));

  test('an address too long for a link of ours stays a plain link', () => {
    const long = `https://a.example/${'x'.repeat(2_000)}`;
    expect(links().link(long, true)).toBe(`${long}?utm_source=relance`);
  });

  test('C7: the pixel is in the mails of those who allow it alone', () => {
    expect(links().tail()).toBe('');
    expect(links(true).tail()).toMatch(/^<img src="https:\/\/relance\.example\/t\/o\/[\w.-]+\.gif"/);
    expect(links(true, { tracked: false }).tail()).toBe('');
  });

  test('a mail with links has the trap, which nobody sees and which leads where a link of the mail leads', () => {
    const some = links();
    some.link('https://a.example/x', true);
    const [, token] = /\/t\/c\/([\w.-]+)" style="display:none" aria-hidden="true" tabindex="-1"/.exec(some.tail())!;
    expect(readTracking(token!, 'trap', options.secret)?.url).toBe('https://a.example/x?utm_source=relance');
    expect(readTracking(token!, 'click', options.secret)).toBeNull();
  });

  test.each([
    ['granted', true],
    ['pending', false],
    ['withdrawn', false],
    ['refused', false],
  ] as const)('C7: consent to open tracking that is %s allows it: %s', (state, allowed) => {
    const consents: ConsentState[] = [{ channel: 'email', purpose: 'open-tracking', state, at: 0, legalBasis: null }];
    expect(openTrackingAllowed(consents, 'email', undefined)).toBe(allowed);
    expect(openTrackingAllowed(consents, 'sms', undefined)).toBe(false);
    expect(openTrackingAllowed([], 'email', undefined)).toBe(false);
  });
});
