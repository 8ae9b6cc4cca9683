import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Two marketing mails in seven days, the same priority for all: who is first does not decide who gets one. */
const POLICY = `
timezone: Europe/Paris
country: FR
senders: { brand: { email: "Relance <hello@example.com>", address: "1 rue de la Paix, 75002 Paris" } }
purposes:
  newsletter: { label: Newsletter, legalBasis: consent }
  account: { label: Your account, legalBasis: contract }
pressure:
  - rule: weekly-ceiling
    scope: { categories: [marketing] }
    window: { rolling: 7d }
    max: 2
    onBlocked: drop
`;

const WELCOME = `
scenario: welcome-mail
programme: welcome
name: Welcome
category: marketing
purpose: newsletter
priority: 50
sender: brand
trigger: { event: Signed Up }
steps:
  hello: { send: { channel: email, template: hello } }
  pause: { wait: PT1S }
  remind:
    send: { channel: email, template: remind }
    onBlocked: mark
  has-ordered:
    choose:
      - when: { event: Order Completed }
        next: thanks
      - otherwise: end
  thanks:
    send: { channel: email, template: thanks }
    next: end
  mark: { set: { tier: crowded } }
`;

/** Takes room of the same contacts, by the same event. */
const NEWS = `
scenario: news-mail
programme: news
name: News
category: marketing
purpose: newsletter
priority: 50
sender: brand
trigger: { event: Signed Up }
audience: { attribute: plan, equals: pro }
steps:
  news: { send: { channel: email, template: news } }
`;

const RECEIPT = `
scenario: order-receipt
programme: orders
name: Receipt
category: transactional
purpose: account
priority: 50
sender: brand
trigger: { event: Order Completed }
reentry: always
key: properties.orderId
steps:
  receipt: { send: { channel: email, template: receipt } }
`;

const MAIL = '<p>Hello {{default contact.firstName "you"}}</p><a href="{{links.unsubscribe}}">Unsubscribe</a>';

export interface Fixture {
  /** An empty folder to start processes in. */
  dir: string;
  scenarios: string;
  templates: string;
  remove(): void;
}

/** A library that exercises the machine: mails, a wait, a choice, a cap with a drop, a receipt, an attribute. */
export function writeFixture(): Fixture {
  const dir = mkdtempSync(path.join(tmpdir(), 'relance-crash-'));
  const files: Record<string, string> = {
    'scenarios/policy.yaml': POLICY,
    'scenarios/welcome/welcome-mail.yaml': WELCOME,
    'scenarios/news/news-mail.yaml': NEWS,
    'scenarios/orders/order-receipt.yaml': RECEIPT,
  };
  for (const template of ['hello', 'remind', 'thanks', 'news', 'receipt']) {
    files[`templates/${template}/email.html.hbs`] = MAIL;
    files[`templates/${template}/meta.yaml`] = `subject: ${template}\npreheader: ${template}\n`;
  }
  for (const [place, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, place)), { recursive: true });
    writeFileSync(path.join(dir, place), text);
  }
  return {
    dir,
    scenarios: path.join(dir, 'scenarios'),
    templates: path.join(dir, 'templates'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
