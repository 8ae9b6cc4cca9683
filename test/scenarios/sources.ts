import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Publishable } from '../../src/scenarios/plan.ts';

export const POLICY = `
timezone: Europe/Paris
country: FR
senders: { brand: { email: hello@example.com } }
purposes: { newsletter: { label: Newsletter, legalBasis: consent } }
`;

/** A scenario file from the lines that matter to a test. */
export function scenarioSource(id: string, lines: string): string {
  const trigger = lines.includes('trigger:') ? '' : 'trigger: { event: Begun }\n';
  return `scenario: ${id}
programme: trials
name: Trial
category: marketing
purpose: newsletter
sender: brand
${trigger}${lines}
`;
}

export function publishable(scenarios: Record<string, string>, fields: Partial<Publishable> = {}): Publishable {
  return {
    scenarios: Object.entries(scenarios).map(([id, lines]) => ({
      id,
      path: `scenarios/${id}.yaml`,
      source: scenarioSource(id, lines),
    })),
    policy: { source: POLICY },
    templates: [],
    complete: true,
    ...fields,
  };
}

/** Steps that send one mail. */
export const SEND = (template: string): string =>
  `steps: { hello: { send: { channel: email, template: ${template} } } }`;

const MAIL = '<p>Hello {{default contact.firstName "you"}}</p><a href="{{links.unsubscribe}}">Unsubscribe</a>';

export function writeFile(root: string, place: string, text: string): void {
  const file = path.join(root, place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** A library without a fault: two scenarios, `hello` and `other`, that send `mail-a` and `mail-b`. */
export function writeLibrary(root: string): void {
  writeFile(
    root,
    'scenarios/policy.yaml',
    POLICY.replace('email: hello@example.com', 'email: hello@example.com, address: 1 rue de la Paix'),
  );
  writeFile(root, 'scenarios/welcome/hello.yaml', scenarioSource('hello', SEND('mail-a')));
  writeFile(root, 'scenarios/welcome/other.yaml', scenarioSource('other', `priority: 40\n${SEND('mail-b')}`));
  writeFile(root, 'scenarios/welcome/hello.test.yaml', 'scenario: hello\ntests: []\n');
  for (const template of ['mail-a', 'mail-b']) {
    writeFile(root, `templates/${template}/email.html.hbs`, MAIL);
    writeFile(root, `templates/${template}/meta.yaml`, 'subject: Hello\npreheader: Hello\n');
  }
}
