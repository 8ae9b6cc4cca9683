import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { signToken, type LedgerEntry, type LinkToken, type TokenUse } from '../../src/consent/index.ts';
import { ledgerOf } from '../../src/consent/index.ts';
import { contactIdOf, derivedId } from '../../src/shared/ids.ts';
import { startService, type TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** One mail a day, a second one waits; a text is never sent at once. */
const FILES = {
  'scenarios/policy.yaml': `timezone: Europe/Paris
country: FR
senders:
  brand: { email: "Maison Relance <hello@example.com>", replyTo: care@example.com, sms: RELANCE, address: "1 rue de la Paix, 75002 Paris" }
purposes:
  newsletter: { label: "Letters & <news>", legalBasis: consent }
  offers: { label: Offers and your birthday gift, legalBasis: soft-opt-in, saleEvents: [Order Completed] }
  trade: { label: News for the trade, legalBasis: legitimate-interest }
  partners: { label: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, legalBasis: consent }
  account: { label: Your account, legalBasis: contract }
pressure:
  - { rule: one-a-day, window: { gap: 24h }, onBlocked: { hold: 3d } }
pages: { brand: Maison Relance, colour: "#23543f" }
doubleOptIn: { countries: [DE], template: confirm, sender: brand }
`,
  'scenarios/news/news-letter.yaml': `scenario: news-letter
programme: news
name: Newsletter
category: marketing
purpose: newsletter
sender: brand
trigger: { event: Letter Asked }
reentry: always
key: properties.n
steps:
  letter:
    send: { channel: email, template: letter, data: { gift: "GIFT-7" } }
`,
  'templates/confirm/meta.yaml': 'subject: Please confirm\nsample: { contact: { country: DE } }\n',
  'templates/confirm/email.html.hbs': `<!doctype html><html lang="en"><head><title>Please confirm</title></head><body>
<p><a href="{{links.confirm}}">Confirm</a></p><p>{{sender.name}}, {{sender.address}}</p></body></html>
`,
  'templates/letter/meta.yaml':
    'locale: en\nsubject: Our letter\nsample: { contact: { firstName: Ada, country: FR } }\n',
  'templates/letter/fr/meta.yaml': 'subject: Notre lettre\n',
  'templates/letter/email.html.hbs': `<!doctype html><html lang="en"><head><title>Our letter</title></head><body>
<p>News for {{default contact.firstName "you"}}: {{data.gift}}, <a href="https://shop.example.com/new">see</a></p>
<p>{{sender.name}}, {{sender.address}}</p><a href="{{links.unsubscribe}}">Unsubscribe</a>
<a href="{{links.preferences}}">Preferences</a> <a href="{{links.webview}}">View online</a></body></html>
`,
};

export interface PreferencesService extends TestService {
  /** Makes somebody known, who has granted the newsletter by email, and waits until the engine knows. */
  arrive(userId: string, traits?: Record<string, unknown>): Promise<void>;
  link(userId: string, use?: TokenUse, route?: string, more?: Partial<LinkToken>): string;
  /** What the page posts. */
  submit(userId: string, fields: Record<string, string>): Promise<{ status: number; text: string }>;
  ledger(userId: string): Promise<LedgerEntry[]>;
  rows<Row = Record<string, unknown>>(sql: string, ...values: unknown[]): Promise<Row[]>;
  /** The engine has taken note of all it was told. */
  quiet(): Promise<void>;
}

export async function startPreferences(roles: TestService['config']['roles']): Promise<PreferencesService> {
  const folder = mkdtempSync(path.join(tmpdir(), 'relance-preferences-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const service = await startService({
    roles,
    scenariosDir: path.join(folder, 'scenarios'),
    templatesDir: path.join(folder, 'templates'),
  });
  const rows: PreferencesService['rows'] = (sql, ...values) => service.db.dataSource.query(sql, values);
  const quiet = async (): Promise<void> => {
    await until(async () => (await rows('SELECT 1 FROM inbox')).length === 0);
  };
  const link: PreferencesService['link'] = (userId, use = 'preferences', route = 'p', more = {}) => {
    const contactId = contactIdOf(userId);
    const token = { contactId, channel: 'email', purpose: 'newsletter', messageId: derivedId(contactId, 'message', 1) };
    return `${service.url}/${route}/${signToken({ ...token, ...more }, use, service.config.secret)}`;
  };
  return {
    ...service,
    rows,
    quiet,
    link,
    ledger: (userId) => ledgerOf(service.db.database, contactIdOf(userId)),
    arrive: async (userId, traits = {}) => {
      await service.post('/v1/identify', {
        userId,
        traits: { email: `${userId}@example.com`, country: 'FR', ...traits },
      });
      const source = { kind: 'form', reference: 'shop', textVersion: '1' };
      const entries = [{ channel: 'email', purpose: 'newsletter', action: 'granted', source }];
      await service.post('/v1/consent', { userId, entries });
      await quiet();
    },
    submit: async (userId, fields) => {
      const body = new URLSearchParams({ form: 'preferences', do: 'save', ...fields });
      const response = await fetch(link(userId), { method: 'POST', body });
      return { status: response.status, text: await response.text() };
    },
    close: async () => {
      await service.close();
      rmSync(folder, { recursive: true });
    },
  };
}
