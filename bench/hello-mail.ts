import { readFileSync } from 'node:fs';
import path from 'node:path';
import { composeEmail, type OutgoingMessage } from '../src/channels/index.ts';
import { newContact } from '../src/contacts/index.ts';
import {
  contactData,
  eventData,
  senderData,
  type CompiledTemplate,
  type RenderData,
  type TemplateFolder,
} from '../src/templates/index.ts';
import { FIXTURES } from './service.ts';

const SENT_AT = Date.UTC(2026, 2, 1, 8);
const SENDER = {
  email: 'Maison Relance <hello@example.com>',
  replyTo: 'care@example.com',
  address: '1 rue de la Paix, 75002 Paris, France',
};
const MESSAGE = {
  id: '4c803c55-2e17-8b88-9227-326a532a8c9a',
  contactId: '4c5bb60e-8c50-57eb-8032-f1b6483b02a4',
  category: 'marketing',
  programme: 'welcome',
  scenarioId: 'bench-welcome',
};

/** The files of the first mail of the welcome programme. */
export function helloTemplate(): TemplateFolder {
  const read = (name: string): string => readFileSync(path.join(FIXTURES, 'templates', 'bench-hello', name), 'utf8');
  return { id: 'bench-hello', files: { 'email.mjml.hbs': read('email.mjml.hbs'), 'meta.yaml': read('meta.yaml') } };
}

/** What it is rendered with. */
export function helloData(): RenderData {
  const contact = {
    ...newContact(MESSAGE.contactId, 'user-0', SENT_AT),
    firstName: 'Ada',
    email: 'user-0@example.com',
  };
  const link = `http://127.0.0.1:3000/u/${'t'.repeat(120)}`;
  return {
    contact: contactData(contact),
    event: eventData({ name: 'Form Submitted', at: SENT_AT, properties: { form: 'newsletter' } }),
    enrollment: { id: MESSAGE.id, scenario: MESSAGE.scenarioId, enteredAt: SENT_AT },
    data: {},
    links: { unsubscribe: link, preferences: link, webview: link },
    sender: senderData(SENDER),
    timezone: 'Europe/London',
  };
}

/** The whole mail, as a channel takes it. */
export function helloMail(template: CompiledTemplate, data: RenderData): OutgoingMessage {
  const rendered = template.render('email', data, 'en');
  return composeEmail({
    message: MESSAGE,
    to: 'user-0@example.com',
    sender: SENDER,
    rendered,
    unsubscribeLink: data.links.unsubscribe,
  });
}
