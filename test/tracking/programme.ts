import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { contactIdOf } from '../../src/shared/ids.ts';
import { startService, type TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** Marks whoever has clicked, or whose click turned out to be none. */
const fans = (id: string, on: string, mark: string): string => `scenario: ${id}
programme: news
name: Fans
category: marketing
purpose: newsletter
sender: brand
trigger: { ${on}: { message: { template: letter }, is: clicked } }
reentry: always
steps:
  mark: { set: { fan: ${mark} } }
`;

const FILES = {
  'scenarios/policy.yaml': `timezone: Europe/Paris
country: FR
senders:
  brand: { email: "Brand <hello@example.com>", replyTo: care@example.com, address: "1 rue de la Paix, 75002 Paris" }
purposes:
  newsletter: { label: Letters, legalBasis: consent }
  open-tracking: { label: Knowing whether you open our mails, legalBasis: consent }
utm: { source: relance, medium: "{{channel}}", campaign: "{{scenario}}" }
`,
  'scenarios/news/news-letter.yaml': `scenario: news-letter
programme: news
name: Newsletter
category: marketing
purpose: newsletter
sender: brand
trigger: { event: Letter Asked }
reentry: always
goal: { event: Order Completed, within: 14d, stay: true }
steps:
  letter:
    send: { channel: email, template: letter }
  look:
    waitFor: { event: Email Link Clicked, where: { property: template, equals: letter } }
    timeout: 30d
    onEvent: opened
    onTimeout: end
  opened:
    choose:
      - { when: { message: { template: letter }, is: opened }, next: both }
      - { when: { message: { template: letter }, is: clicked, within: 1d }, next: clicked }
      - otherwise: end
  both:
    set: { seen: opened and clicked }
    next: end
  clicked:
    set: { seen: clicked }
`,
  'scenarios/news/news-share.yaml': `scenario: news-share
programme: news
name: Shared
category: marketing
purpose: newsletter
sender: brand
trigger: { event: Letter Shared }
holdout: 50%
goal: { event: Order Completed, within: 14d, stay: true }
steps:
  letter:
    send: { channel: email, template: letter }
  rest: { wait: 20d }
`,
  'scenarios/news/news-fans.yaml': fans('news-fans', 'enters', 'in'),
  'scenarios/news/news-losses.yaml': fans('news-losses', 'leaves', 'out'),
  'templates/letter/meta.yaml': 'locale: en\nsubject: Our letter\nsample: { contact: { country: FR } }\n',
  'templates/letter/email.html.hbs': `<!doctype html><html lang="en"><head><title>Our letter</title></head><body>
<p><a href="https://www.example.com/new?a=1&amp;b=2">New</a> <a href="https://www.example.com/old?utm_source=own#end">Old</a></p>
<p>{{sender.name}}, {{sender.address}}</p><a href="{{links.unsubscribe}}">Unsubscribe</a> <a href="mailto:care@example.com">Write</a></body></html>
`,
};

export interface Letter {
  messageId: string;
  html: string;
  text: string;
  headers: Record<string, string>;
  /** Addresses of links of ours, on this service: those a person sees, the trap, and the pixel. */
  links: string[];
  trap: string;
  pixel: string | null;
}

export interface TrackedService extends TestService {
  /** Has a letter sent to somebody, `ago` milliseconds before now; `opens`: after consent to open tracking. */
  letter(userId: string, opens?: boolean, ago?: number): Promise<Letter>;
  consent(userId: string, purpose: string, action: string): Promise<void>;
  hits(userId: string): Promise<{ kind: string; verdict: string; reason: string | null }[]>;
  events(userId: string): Promise<{ name: string; properties: Record<string, unknown>; active: boolean }[]>;
}

const HOUR = 3_600_000;

/** What `look` finds, once it finds something. */
export async function untilFound<Found>(look: () => Promise<Found | undefined | null>): Promise<Found> {
  let found: Found | undefined | null;
  await until(async () => {
    found = await look();
    return found !== undefined && found !== null;
  });
  return found!;
}

/** The real service with one scenario that waits for a click. */
export async function startTracked(): Promise<TrackedService> {
  const folder = mkdtempSync(path.join(tmpdir(), 'relance-tracking-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const service = await startService({
    roles: ['api', 'engine', 'dispatch'],
    scenariosDir: path.join(folder, 'scenarios'),
    templatesDir: path.join(folder, 'templates'),
  });
  const query = <Row>(sql: string, userId: string): Promise<Row[]> =>
    service.db.dataSource.query<Row[]>(sql, [contactIdOf(userId)]);
  const here = (link: string): string => link.replace(service.config.publicUrl, service.url);

  const tracked: TrackedService = {
    ...service,
    consent: async (userId, purpose, action) => {
      const source = { kind: 'form', reference: 'shop', textVersion: '1' };
      const entries = [{ channel: 'email', purpose, action, source }];
      expect((await service.post('/v1/consent', { userId, entries })).status).toBe(200);
    },
    letter: async (userId, opens = false, ago = HOUR) => {
      await service.post('/v1/identify', { userId, traits: { email: `${userId}@example.com` } });
      await tracked.consent(userId, 'newsletter', 'granted');
      if (opens) await tracked.consent(userId, 'open-tracking', 'granted');
      await service.post('/v1/track', { userId, event: 'Letter Asked' });
      const found = `SELECT c.message_id AS "messageId", c.html, c.text, c.headers FROM captured c
        JOIN message m ON m.lane = c.lane AND m.id = c.message_id WHERE c.contact_id = $1 AND m.status = 'sent'`;
      const mail = await untilFound(async () => (await query<Letter>(found, userId))[0]);
      await service.db.dataSource.query(
        `UPDATE message SET settled_at = settled_at - $2 * interval '1 millisecond' WHERE contact_id = $1`,
        [contactIdOf(userId), ago],
      );
      const links = [...mail.html.matchAll(/<a href="([^"]+\/t\/c\/[^"]+)"( style="display:none")?/g)];
      const seen = links.filter(([, , hidden]) => hidden === undefined).map(([, link]) => here(link!));
      const pixel = /<img src="([^"]+)"/.exec(mail.html)?.[1];
      const trap = here(links.find(([, , hidden]) => hidden !== undefined)![1]!);
      return { ...mail, links: seen, trap, pixel: pixel === undefined ? null : here(pixel) };
    },
    hits: (userId) => query(`SELECT kind, verdict, reason FROM hit WHERE contact_id = $1 ORDER BY at, kind`, userId),
    events: (userId) =>
      query(
        `SELECT name, properties, active FROM event WHERE contact_id = $1 AND name LIKE 'Email%' ORDER BY seq`,
        userId,
      ),
    close: async () => {
      await service.close();
      rmSync(folder, { recursive: true });
    },
  };
  return tracked;
}
