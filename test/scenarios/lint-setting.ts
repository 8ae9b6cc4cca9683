import { policySchema } from '../../src/gate/index.ts';
import { lintLibrary } from '../../src/scenarios/index.ts';
import type { TemplateInfo } from '../../src/templates/index.ts';
import { file, HEAD, read } from './files.ts';

export const policy = policySchema.parse({
  timezone: 'Europe/Paris',
  country: 'FR',
  senders: {
    brand: { email: 'hello@example.com', sms: 'RELANCE', stop: '36000', address: '1 rue de la Paix, 75002 Paris' },
    post: { email: 'post@example.com', address: '1 rue de la Paix, 75002 Paris' },
    letters: { sms: 'LETTERS' },
    nowhere: { email: 'nowhere@example.com' },
  },
  purposes: {
    newsletter: { label: 'Newsletter', legalBasis: 'consent' },
    account: { label: 'Account', legalBasis: 'contract' },
    interest: { label: 'Interest', legalBasis: 'legitimate-interest' },
  },
  pressure: [
    { rule: 'no-texts', scope: { channels: ['sms'], programmes: ['silent'] }, window: { calendar: 'month' }, max: 0 },
    {
      rule: 'nobody',
      scope: { programmes: ['barred'] },
      window: { calendar: 'day' },
      max: [{ when: { attribute: 'a', exists: true }, max: 0 }, { otherwise: 0 }],
    },
    {
      rule: 'some',
      scope: {},
      window: { calendar: 'day' },
      max: [{ when: { attribute: 'a', exists: true }, max: 0 }, { otherwise: 9 }],
    },
  ],
  quietHours: [
    { channels: ['email'], allow: 'Mon-Sun 07:00-22:00' },
    { channels: ['email'], countries: ['FR'], allow: 'Mon-Sat 07:00-22:00' },
  ],
  naming: { scenario: '^[a-z]+-[a-z0-9-]+$' },
  webhooks: { allowHosts: ['crm.internal', 'localhost:9000'] },
  audiences: { regulars: { event: 'Order Completed', count: { gte: 3 } } },
});

export const NOW = Date.parse('2026-06-01T12:00:00Z');

const template = (id: string, more: Partial<TemplateInfo> = {}): TemplateInfo => ({
  id,
  channels: ['email', 'sms'],
  locales: [],
  languages: ['en'],
  dataKeys: [],
  eventKeys: [],
  promotion: null,
  unsubscribable: true,
  stoppable: true,
  namesStopNumber: true,
  confirm: null,
  confirmable: false,
  addressed: true,
  faults: [],
  ...more,
});
export const templates = [
  template('hello'),
  template('coupon', { channels: ['email'], dataKeys: ['code', 'until'] }),
  template('bonus', { promotion: { words: '20 % off', file: 'bonus/email.mjml.hbs', line: 3 } }),
  template('bilingual', { languages: ['en', 'fr'] }),
  template('receipt', { eventKeys: ['total'] }),
  template('numberless', { namesStopNumber: false }),
  template('bare', { unsubscribable: false, stoppable: false }),
];

/** Lints files as `line:column severity code message — hint`. */
export const lint = (...sources: string[]): string[] =>
  lintLibrary({
    scenarios: sources.map((source, index) =>
      read(source, index === 0 ? 'p/hello-there.yaml' : `p${index}/hello-there.yaml`),
    ),
    policy,
    templates,
    now: NOW,
  }).map(
    ({ code, severity, line, column, message, hint }) =>
      `${line}:${column} ${severity} ${code} ${message}${hint === undefined ? '' : ` — ${hint}`}`,
  );

/** A file whose head has another value. */
export const head = (key: string, value: string): string =>
  `${HEAD.replace(new RegExp(`^${key}: .*$`, 'm'), `${key}: ${value}`)}trigger: { event: X }\nsteps: { a: { wait: 1d } }\n`;
/** A file with one mail, and more keys of its step. */
export const send = (more: string): string => file(`  a: { send: { channel: email, template: hello${more} } }`);

/** A file with one `choose` of these conditions. */
export const choose = (conditions: string[]): string =>
  file(`  a: { choose: [${conditions.map((when) => `{ when: ${when}, next: end }`).join(', ')}, { otherwise: end }] }`);

/** One rule: what breaks it, what it says, and what keeps it. */
export type Case = [code: string, broken: string, said: string[], kept: string];
