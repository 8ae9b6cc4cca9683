import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ledgerOf } from '../../src/consent/ledger.store.ts';
import type { LedgerEntry } from '../../src/consent/entry.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { startService, type TestService } from '../support/service.ts';

/** One mail a day: a second one waits. */
const FILES = {
  'scenarios/policy.yaml': `timezone: Europe/Paris
country: FR
senders:
  brand: { email: "Maison d'Été & fils <hello@example.com>", replyTo: care@example.com, address: "1 rue de la Paix, 75002 Paris" }
purposes:
  newsletter: { label: "Letters & <news>", legalBasis: consent }
  offers: { label: Offers, legalBasis: consent }
utm: { source: relance }
doubleOptIn: { countries: [DE], unknownCountry: trust, template: please-confirm, sender: brand }
categories:
  marketing: { subjectTo: true, countsToward: true, needsConsent: true }
pressure:
  - { rule: one-a-day, window: { gap: 24h }, onBlocked: { hold: 3d } }
`,
  'scenarios/news/news-letter.yaml': `scenario: news-letter
programme: news
name: Newsletter
category: marketing
purpose: newsletter
sender: brand
trigger: { event: Letter Asked }
reentry: always
steps:
  letter:
    send: { channel: email, template: letter }
`,
  'templates/please-confirm/meta.yaml': 'locale: en\nsubject: Please confirm\nsample: { data: { purpose: Letters } }\n',
  'templates/please-confirm/email.html.hbs': `<!doctype html><html lang="en"><head><title>Please confirm</title></head><body>
<p>You asked for {{data.purpose}}.</p><p><a href="{{links.confirm}}">Confirm</a></p><p><a href="https://www.example.com/imprint">Imprint</a> <a href="{{links.webview}}">View online</a></p>
<p>{{sender.name}}, {{sender.address}}</p></body></html>
`,
  'templates/letter/meta.yaml': 'locale: en\nsubject: Our letter\nsample: { contact: { country: FR } }\n',
  'templates/letter/email.html.hbs': `<!doctype html><html lang="en"><head><title>Our letter</title></head><body>
<p>News.</p><p>{{sender.name}}, {{sender.address}}</p><a href="{{links.unsubscribe}}">Unsubscribe</a></body></html>
`,
};

export interface ConsentTestService extends TestService {
  /** What the ledger has of the person a backend calls so. */
  ledger(userId: string): Promise<LedgerEntry[]>;
}

/** The real service with a small programme of its own: the purposes are newsletter and offers. */
export async function startWithProgramme(
  roles: TestService['config']['roles'],
  overrides: Partial<TestService['config']> = {},
): Promise<ConsentTestService> {
  const folder = mkdtempSync(path.join(tmpdir(), 'relance-consent-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const service = await startService({
    roles,
    scenariosDir: path.join(folder, 'scenarios'),
    templatesDir: path.join(folder, 'templates'),
    ...overrides,
  });
  return {
    ...service,
    ledger: (userId) => ledgerOf(service.db.database, contactIdOf(userId)),
    close: async () => {
      await service.close();
      rmSync(folder, { recursive: true });
    },
  };
}
