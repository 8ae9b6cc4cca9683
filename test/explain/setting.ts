import { rm } from 'node:fs/promises';
import path from 'node:path';
import { LibraryService, PublishService, readyLibrary } from '../../src/scenarios/index.ts';
import { writeFolder } from '../rehearsal/people.ts';
import { PostgresRun } from '../support/postgres-run.ts';
import { ADMIN, basic, startService, type TestService } from '../support/service.ts';

/** Monday 2 March 2026, 09:00 in Paris. */
export const START = Date.parse('2026-03-02T08:00:00Z');

const MAIL = 'Hello <a href="{{links.unsubscribe}}">Unsubscribe</a>';
const scenario = (id: string, trigger: string, send: string, more = ''): string => `scenario: ${id}
programme: activation
name: ${id}
objective: Tell the news
stage: active
owner: crm@example.com
review: 3mo
category: marketing
purpose: newsletter
sender: brand
trigger: ${trigger}
reentry: always
${more}steps:
  tell: { send: ${send} }
`;

const FILES = {
  'scenarios/policy.yaml': `timezone: Europe/Paris
country: FR
senders:
  brand: { email: "Relance <hello@example.com>", sms: RELANCE, address: "1 rue de la Paix, 75002 Paris" }
purposes:
  newsletter: { label: Newsletter, legalBasis: consent }
pressure:
  - { rule: mail-gap, scope: { channels: [email] }, window: { gap: 16h } }
  - { rule: weekly, scope: { categories: [marketing] }, window: { rolling: 7d }, max: 3, onBlocked: { hold: 7d } }
fatigue:
  halfLife: 30d
  signals: { unsubscribe: 4, stop: 4 }
  levels: [{ from: 3, times: 0.5, rules: [weekly] }]
quietHours:
  - { channels: [sms], countries: [FR], allow: "Mon-Sat 08:00-20:00", holidays: closed }
`,
  'scenarios/daily-news.yaml': scenario('daily-news', '{ event: News }', '{ channel: email, template: hello }'),
  'scenarios/short-text.yaml': scenario('short-text', '{ event: Text }', '{ channel: sms, template: short }'),
  'scenarios/vip-offer.yaml': scenario(
    'vip-offer',
    '{ event: Offer, where: { property: total, gte: 20 } }',
    '{ channel: email, template: hello }',
    'audience: { attribute: tier, equals: vip }\n',
  ),
  'templates/hello/email.html.hbs': MAIL,
  'templates/hello/meta.yaml': 'subject: Hello\npreheader: Hello\n',
  'templates/short/sms.txt.hbs': 'Hello. STOP au 36111',
  'templates/short/meta.yaml': '',
};

export interface Explaining {
  service: TestService;
  run: PostgresRun;
  /** A folder without anything of its own, for the command line. */
  folder: string;
  get(route: string, headers?: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }>;
  close(): Promise<void>;
}

/** The service over a database whose contacts the engine moves on a virtual clock. */
export async function startExplaining(): Promise<Explaining> {
  const folder = await writeFolder(FILES);
  const service = await startService();
  const publisher = new PublishService(service.db.database);
  const places = { scenariosDir: path.join(folder, 'scenarios'), templatesDir: path.join(folder, 'templates') };
  await publisher.publish(await publisher.plan((await readyLibrary(places)).files), START);
  const library = await new LibraryService(service.db.database, { now: () => START }).current();
  const authorization = basic(ADMIN.email, ADMIN.password);
  return {
    service,
    run: new PostgresRun(service.db.database, library, START),
    folder,
    async get(route, headers = { authorization }) {
      const response = await fetch(`${service.url}${route}`, { headers: { authorization, ...headers } });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async close() {
      await service.close();
      await rm(folder, { recursive: true });
    },
  };
}
