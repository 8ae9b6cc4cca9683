import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { LINK_LIVES, signRightsToken } from '../../src/rights/person/rights-token.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { startWithProgramme, type ConsentTestService } from '../consent/programme.ts';
import { openBrowser } from '../support/browser.ts';
import { ADMIN, basic } from '../support/service.ts';
import { until } from '../support/until.ts';
import { DESKTOP, expectAccessible, PHONE, visitor } from './visitor.ts';

let service: ConsentTestService;
let browser: Browser;
beforeAll(async () => {
  service = await startWithProgramme(['api', 'engine']);
  browser = await openBrowser();
}, 90_000);
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

const rows = <Row>(text: string, values: unknown[] = []): Promise<Row[]> => service.db.dataSource.query(text, values);

async function known(userId: string, traits: object = {}): Promise<string> {
  const contact = contactIdOf(userId);
  await service.post('/v1/identify', {
    userId,
    traits: { email: `${userId}@example.com`, firstName: 'Ada', ...traits },
  });
  await until(async () => (await rows('SELECT FROM contact WHERE id = $1', [contact])).length > 0);
  return contact;
}

const linkOf = (contact: string, now = Date.now()): string =>
  `${service.url}/r/${signRightsToken(contact, now + LINK_LIVES, service.config.secret)}`;
const mailsTo = (contact: string): Promise<{ text: string; subject: string }[]> =>
  rows('SELECT text, subject FROM captured WHERE contact_id = $1', [contact]);
const kindsOf = async (contact: string): Promise<string[]> =>
  (
    await rows<{ kind: string }>(
      `SELECT kind FROM rights_request WHERE contact_id = $1 AND origin = 'person' ORDER BY received_at`,
      [contact],
    )
  ).map(({ kind }) => kind);

const visit = visitor(() => ({ browser, url: service.url }));

test('C8: whoever asks by their address is mailed a link, and whoever is not known gets the very same answer', async () => {
  const contact = await known('asker', { locale: 'fr' });
  const answers: string[] = [];
  for (const address of ['Asker@Example.com', 'nobody@example.com'])
    await visit(`${service.url}/r`, PHONE, async (page) => {
      await expectAccessible(page);
      await page.getByLabel('Email address').fill(address);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Look into your mailbox' }).waitFor();
      await expectAccessible(page);
      answers.push(await page.content());
    });
  expect(answers[0]).toBe(answers[1]);
  await until(async () => (await mailsTo(contact)).length > 0);
  const [{ text, subject } = { text: '', subject: '' }] = await mailsTo(contact);
  expect(subject).toBe('Vos données : votre lien');
  expect(await rows('SELECT FROM captured')).toHaveLength(1);
  const link = /https?:\S+\/r\/\S+/.exec(text)![0];
  await visit(link, { ...PHONE, locale: 'fr-FR' }, async (page) => {
    await page.getByRole('heading', { level: 1, name: 'Vos données' }).waitFor();
    await expectAccessible(page);
  });
});

test('C8, L10: a person takes a copy, corrects, objects, freezes and erases, each a request in the register', async () => {
  const contact = await known('owner');
  await visit(linkOf(contact), { ...DESKTOP, acceptDownloads: true }, async (page) => {
    await expectAccessible(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download my data' }).click(),
    ]);
    expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toMatchObject({
      format: 'relance-contact-1',
      profile: { email: 'owner@example.com' },
    });

    await page.getByLabel('First name').fill('Augusta');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'It is corrected' }).waitFor();
    await expectAccessible(page);
    await until(async () => (await rows(`SELECT FROM contact WHERE first_name = 'Augusta'`)).length > 0);

    const back = (): Promise<void> => page.getByRole('link', { name: 'Back to your data' }).click();
    await back();
    expect(await page.getByLabel('First name').inputValue()).toBe('Augusta');
    for (const [button, told] of [
      ['No more advertising', 'No more advertising'],
      ['Allow it again', 'Thank you'],
      ['Freeze my data', 'Your data is frozen'],
      ['Lift the freeze', 'The freeze is lifted'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('heading', { level: 1, name: told }).waitFor();
      await back();
    }
    expect(await kindsOf(contact)).toEqual([
      'export',
      'rectification',
      'objection',
      'objection',
      'restriction',
      'restriction',
    ]);

    await page.getByRole('button', { name: 'Erase my data' }).click();
    await page.getByRole('heading', { name: 'Erase all your data?' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'No, go back' }).click();
    expect(await rows('SELECT FROM contact WHERE id = $1', [contact])).toHaveLength(1);
    await page.getByRole('button', { name: 'Erase my data' }).click();
    await page.getByRole('button', { name: 'Yes, erase my data' }).click();
    await page.getByRole('heading', { name: 'Your data is erased' }).waitFor();
    await expectAccessible(page);
  });
  expect(await rows('SELECT FROM contact WHERE id = $1', [contact])).toEqual([]);
  expect(await rows(`SELECT FROM rights_request WHERE kind = 'erasure' AND origin = 'person'`)).toHaveLength(1);
  await visit(
    linkOf(contact),
    DESKTOP,
    (page) => page.getByRole('heading', { name: 'There is nothing here any more' }).waitFor(),
    /status of 404/,
  );
});

test('what cannot be saved is told beside what was written, in dark too', async () => {
  const contact = await known('wrong');
  const work = async (page: Page): Promise<void> => {
    await page.getByLabel('Birthday').fill('yesterday');
    await page.getByRole('button', { name: 'Save' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('birthday');
    expect(await page.getByLabel('Birthday').inputValue()).toBe('yesterday');
    await expectAccessible(page);
  };
  await visit(linkOf(contact), { ...PHONE, colorScheme: 'dark' }, work, /status of 400/);
  expect(await kindsOf(contact)).toEqual([]);
});

test('a link that has run out, was changed, or is of another kind lets nobody in', async () => {
  const contact = await known('late');
  const old = linkOf(contact, Date.now() - LINK_LIVES);
  const show = (name: string) => (page: Page) => page.getByRole('heading', { name }).waitFor();
  await visit(old, PHONE, show('This link has run out'), /status of 410/);
  await visit(`${linkOf(contact)}x`, PHONE, show('This link does not work'), /status of 404/);
  const tried = await fetch(`${old}/erase`, { method: 'POST', body: new URLSearchParams({ confirm: 'yes' }) });
  expect(tried.status).toBe(410);
  expect((await fetch(`${old}/copy`, { method: 'POST' })).status).toBe(410);
  expect(await rows('SELECT FROM contact WHERE id = $1', [contact])).toHaveLength(1);
});

test('C8: whoever is signed in has the link mailed and does not see it; too many who ask are told to wait', async () => {
  const contact = await known('staffed');
  const ask = (userId: string): Promise<Response> =>
    fetch(`${service.url}/api/contacts/${userId}/rights-link`, {
      method: 'POST',
      headers: { authorization: basic(ADMIN.email, ADMIN.password) },
    });
  const reply = await ask('staffed');
  expect(reply.status).toBe(202);
  expect(Object.keys((await reply.json()) as object)).toEqual(['mailed', 'expiresAt']);
  expect(await mailsTo(contact)).toHaveLength(1);
  expect((await ask('nobody')).status).toBe(404);
  const form = (): Promise<Response> =>
    fetch(`${service.url}/r`, { method: 'POST', body: new URLSearchParams({ email: 'staffed@example.com' }) });
  const statuses: number[] = [];
  for (let count = 0; count < 20; count++) statuses.push((await form()).status);
  expect(statuses).toContain(429);
  // Three an hour to one address, whoever asks.
  await until(async () => (await mailsTo(contact)).length === 4);
  expect((await form()).headers.get('retry-after')).toBe('3600');
});
