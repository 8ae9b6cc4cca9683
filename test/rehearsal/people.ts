import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..', '..');
export const PLACES = { scenariosDir: path.join(ROOT, 'scenarios'), templatesDir: path.join(ROOT, 'templates') };

/** A contact with all consents, as a file of its own has it; `more` follows. */
export const ADA = (more = ''): string => `userId: ada
email: ada@example.com
phone: "+33639980001"
firstName: Ada
timezone: Europe/Paris
country: FR
locale: en
consents:
  - { channel: email, purpose: newsletter, action: granted, at: 2026-01-01T00:00:00Z }
  - { channel: sms, purpose: newsletter, action: granted, at: 2026-01-01T00:00:00Z }
${more}`;

/** A folder of files that somebody may have written, with a blank in its name. */
export async function writeFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'relance rehearsal '));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
}

export const POLICY = `timezone: Europe/Paris
country: FR
lateEvents: 24h
senders: { brand: { email: hello@example.com, sms: BRAND } }
purposes: { newsletter: { label: Newsletter, legalBasis: consent } }
categories:
  marketing: { subjectTo: true, countsToward: true, needsConsent: true }
pressure:
  - { rule: weekly, scope: { categories: [marketing] }, window: { rolling: 7d }, max: 2, onBlocked: drop }
`;

export const scenarioOf = (id: string, steps: string, more = 'trigger: { event: Begun }'): string => `scenario: ${id}
programme: trials
name: Trial
category: marketing
purpose: newsletter
sender: brand
${more}
steps:
${steps}
`;
