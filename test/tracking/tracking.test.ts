import { contactIdOf } from '../../src/shared/ids.ts';
import { startTracked, untilFound, type TrackedService } from './programme.ts';

const PERSON = {
  'user-agent':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
};
let service: TrackedService;
beforeAll(async () => {
  service = await startTracked();
}, 60_000);
afterAll(() => service?.close());

const ask = (link: string, headers: Record<string, string> = PERSON, method = 'GET'): Promise<Response> =>
  fetch(link, { method, headers, redirect: 'manual' });
/** Every hit of the person has been judged. */
const judged = (userId: string, count: number): Promise<{ kind: string; verdict: string; reason: string | null }[]> =>
  untilFound(async () => {
    const hits = await service.hits(userId);
    return hits.length >= count && hits.every(({ verdict }) => verdict !== 'pending') ? hits : undefined;
  });
const fan = async (userId: string): Promise<string | null> =>
  (
    await service.db.dataSource.query<{ fan: string | null }[]>(
      `SELECT attributes->>'fan' AS fan FROM contact WHERE id = $1`,
      [contactIdOf(userId)],
    )
  )[0]!.fan;
const seen = async (userId: string): Promise<unknown> =>
  (
    await service.db.dataSource.query<{ seen: string | null }[]>(
      `SELECT attributes->>'seen' AS seen FROM contact WHERE id = $1`,
      [contactIdOf(userId)],
    )
  )[0]!.seen;

test('a mail with tracked links keeps its text part, its headers, and every link that is not a destination', async () => {
  const { html, text, headers, links, pixel } = await service.letter('composed');
  expect(new Set(links).size).toBe(2);
  expect(text.match(/\/t\/c\//g)).toHaveLength(2);
  expect(text).not.toContain('www.example.com');
  expect(html).toContain('href="mailto:care@example.com"');
  expect(html).toContain(`href="${service.url}/u/`);
  expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
  // C7: nothing in it that is the person's own and is fetched by itself.
  expect(pixel).toBeNull();
  expect(html).not.toContain('<img');
});

test('a person’s click leads where the template says, is an event, a sign of life, and moves the scenario', async () => {
  const { links, messageId } = await service.letter('clicker');
  const [fresh, old] = await Promise.all(links.map((link) => ask(link)));
  expect(fresh!.status).toBe(302);
  expect(fresh!.headers.get('location')).toBe(
    'https://www.example.com/new?a=1&b=2&utm_source=relance&utm_medium=email&utm_campaign=news-letter',
  );
  expect(fresh!.headers.get('cache-control')).toBe('no-store');
  expect(fresh!.headers.get('referrer-policy')).toBe('no-referrer');
  expect(fresh!.headers.get('set-cookie')).toBeNull();
  expect(old!.headers.get('location')).toBe(
    'https://www.example.com/old?utm_source=own&utm_medium=email&utm_campaign=news-letter#end',
  );
  expect((await ask(links[0]!)).status).toBe(302);
  await judged('clicker', 3);
  const events = await service.events('clicker');
  // One a request, also of the same link twice.
  expect(events).toHaveLength(3);
  expect(events[0]).toMatchObject({
    name: 'Email Link Clicked',
    active: true,
    properties: {
      messageId,
      scenario: 'news-letter',
      programme: 'news',
      step: 'letter',
      template: 'letter',
      machine: false,
    },
  });
  expect(await untilFound(() => seen('clicker'))).toBe('clicked');
}, 30_000);

test('S3: a token that was changed, cut, swapped or made for something else leads nowhere', async () => {
  const { links, trap, html } = await service.letter('forger', true);
  const [one, other] = links.map((link) => link.split('/t/c/')[1]!) as [string, string];
  const unsubscribe = /\/u\/([\w.-]+)/.exec(html)![1]!;
  const open = /\/t\/o\/([\w.-]+)\.gif/.exec(html)![1]!;
  const forged = [
    one.slice(0, -1),
    one.slice(1),
    `${one}A`,
    `${one.split('.')[0]}.${other.split('.')[1]}`,
    `${other.split('.')[0]}.${trap.split('.').at(-1)}`,
    unsubscribe,
    open,
    'x',
    '%00',
  ];
  for (const token of forged) {
    const response = await ask(`${service.url}/t/c/${token}`);
    expect([token, response.status, response.headers.get('location')]).toEqual([token, 404, null]);
  }
  // Another address beside the token changes nothing.
  const answer = await ask(`${links[0]!}?url=https://evil.example/&to=https://evil.example/`);
  expect(answer.headers.get('location')).toMatch(/^https:\/\/www\.example\.com\/new/);
  expect((await fetch(`${service.url}/u/${one}`)).status).toBe(404);
  for (const token of [one, unsubscribe, 'x']) {
    const picture = await ask(`${service.url}/t/o/${token}.gif`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/gif']);
  }
  expect(await service.hits('forger')).toHaveLength(1);
});

test('scanners are led on, and nothing they do counts, triggers or is an event', async () => {
  const { links, trap } = await service.letter('scanned');
  const scans: [string, Record<string, string>, string?][] = [
    ...Array.from({ length: 40 }, () => [links[0]!, PERSON, 'HEAD'] as [string, Record<string, string>, string]),
    [links[0]!, { ...PERSON, 'sec-purpose': 'prefetch' }],
    [links[0]!, { 'user-agent': 'Mozilla/5.0 BarracudaCentral' }],
    [links[1]!, { 'user-agent': 'curl/8.7.1' }],
    // Disguised as a person, who follows everything, the trap last.
    [links[0]!, PERSON],
    [links[1]!, PERSON],
    [trap, PERSON],
  ];
  for (const [link, headers, method] of scans) expect((await ask(link, headers, method)).status).toBe(302);
  const hits = await judged('scanned', scans.length);
  expect(hits).toHaveLength(scans.length);
  expect(hits.every(({ verdict }) => verdict === 'machine')).toBe(true);
  expect(new Set(hits.map(({ reason }) => reason))).toEqual(
    new Set(['head', 'prefetch', 'mail-scanner', 'bot', 'trap']),
  );
  expect(await service.events('scanned')).toEqual([]);
  expect(await service.db.dataSource.query('SELECT 1 FROM inbox')).toEqual([]);
  expect(await seen('scanned')).toBeNull();
}, 30_000);

test('what was taken for a person’s is taken back when the machine gives itself away', async () => {
  const { links, trap } = await service.letter('late', false, 30_000);
  await ask(links[0]!);
  await judged('late', 1);
  expect(await service.events('late')).toHaveLength(1);
  expect(await untilFound(() => fan('late'))).toBe('in');
  await ask(trap);
  expect((await judged('late', 2)).map(({ verdict }) => verdict)).toEqual(['machine', 'machine']);
  expect(await service.events('late')).toEqual([]);
  const [row] = await service.db.dataSource.query<{ clicked_at: unknown }[]>(
    'SELECT clicked_at FROM message WHERE contact_id = $1',
    [contactIdOf('late')],
  );
  expect(row!.clicked_at).toBeNull();
  // Whom the click let in notices that it never was.
  expect(await untilFound(async () => ((await fan('late')) === 'out' ? 'out' : undefined))).toBe('out');
}, 30_000);

test('C7: an opening is known with consent, is no sign of life, and an old mail’s pixel is blind after the withdrawal', async () => {
  const { pixel, links } = await service.letter('reader', true);
  const picture = await ask(pixel!);
  expect([picture.status, picture.headers.get('content-type'), picture.headers.get('cache-control')]).toEqual([
    200,
    'image/gif',
    'no-store',
  ]);
  const bytes = await picture.arrayBuffer();
  await judged('reader', 1);
  expect(await service.events('reader')).toEqual([expect.objectContaining({ name: 'Email Opened', active: false })]);
  await service.consent('reader', 'open-tracking', 'withdrawn');
  const again = await ask(pixel!);
  expect(await again.arrayBuffer()).toEqual(bytes);
  expect(await service.hits('reader')).toHaveLength(1);
  // The opening on record is unknown now, so the scenario takes the branch of the click.
  await ask(links[0]!);
  await judged('reader', 2);
  expect(await untilFound(() => seen('reader'))).toBe('clicked');
}, 30_000);

test('C7: a withdrawal before the hit is judged leaves no trace of the opening', async () => {
  const { pixel } = await service.letter('regrets', true);
  await ask(pixel!);
  await service.consent('regrets', 'open-tracking', 'withdrawn');
  expect(await untilFound(async () => ((await service.hits('regrets')).length === 0 ? true : undefined))).toBe(true);
  expect(await service.events('regrets')).toEqual([]);
}, 30_000);

test('C7: who agrees and opened takes the branch of those who opened', async () => {
  const { pixel, links } = await service.letter('agreed', true);
  await ask(pixel!);
  await judged('agreed', 1);
  await ask(links[0]!);
  expect(await untilFound(() => seen('agreed'))).toBe('opened and clicked');
}, 30_000);
