import { describeErasure } from '../../src/cli/erase.ts';
import { eraseContact, previewErasure, providersOf } from '../../src/rights/index.ts';
import { recipientsFrom, type Given } from '../../src/rights/recipients/recipients.ts';
import { recipientsOf } from '../../src/rights/recipients/recipients.store.ts';
import { requestsOf } from '../../src/rights/requests/requests.store.ts';
import { contactIdOf, laneOf } from '../../src/shared/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const PROVIDERS = providersOf({
  smtp: { url: 'smtps://mailer:secret@mail.example.com:465', poolSize: 1, timeoutMs: 1 },
  sms: { url: 'https://user:secret@texts.example.com/send?key=secret', timeoutMs: 1 },
});
const CAPTURED = providersOf({});

const given = (by: Given['by'], origin: string | null, scenario: string, sure = true): Given => ({
  by,
  origin,
  scenario,
  sure,
});

describe('L9: whoever was given data is named once, by its host', () => {
  test('a provider by scheme and host, without its password', () => {
    expect(PROVIDERS).toEqual({ email: 'smtps://mail.example.com:465', sms: 'https://texts.example.com' });
    expect(CAPTURED).toEqual({ email: null, sms: null });
  });

  test('with every scenario that gave it data', () => {
    const found = recipientsFrom(
      [
        given('email', null, 'news'),
        given('email', null, 'news', false),
        given('email', null, 'welcome', false),
        given('webhook', 'https://CRM.example.com', 'sync'),
        given('webhook', 'https://crm.example.com:443', 'welcome'),
        given('webhook', 'http://crm.example.com:8080', 'sync'),
      ],
      PROVIDERS,
    );
    expect(found).toEqual([
      { by: 'email', host: 'smtps://mail.example.com:465', scenarios: ['news', 'welcome'] },
      { by: 'webhook', host: 'https://crm.example.com', scenarios: ['sync', 'welcome'] },
      { by: 'webhook', host: 'http://crm.example.com:8080', scenarios: ['sync'] },
    ]);
  });

  test('also a provider that is not set any more, when it surely took something', () => {
    expect(recipientsFrom([given('sms', null, 'news'), given('email', null, 'news', false)], CAPTURED)).toEqual([
      { by: 'sms', host: null, scenarios: ['news'] },
    ]);
  });
});

describe('L9: the recipients of an erased contact', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase({ poolSize: 2 });
  });
  afterAll(() => db.close());

  const ADA = contactIdOf('ada');
  const put = (text: string, values: unknown[]): Promise<unknown> =>
    db.dataSource.query(text, [laneOf(ADA), ADA, ...values]);
  const call = (
    scenario: string,
    url: string,
    status: string,
    attempts: number,
    statusCode: number | null,
  ): Promise<unknown> =>
    put(
      `INSERT INTO webhook_call (lane, month, id, contact_id, enrollment_id, scenario_id, scenario_version, step, method, url, planned_at, status, due_at, attempts, status_code)
       VALUES ($1, '2026-03-01', gen_random_uuid(), $2, gen_random_uuid(), $3, 1, 'x', 'POST', $4, to_timestamp(0), $5, to_timestamp(0), $6, $7)`,
      [scenario, url, status, attempts, statusCode],
    );
  const message = (scenario: string, channel: string, status: string, providerId: string | null): Promise<unknown> =>
    put(
      `INSERT INTO message (lane, month, id, contact_id, scenario_id, scenario_version, programme, step, channel, template, template_version,
         category, purpose, priority, sender, needs_consent, subject_to, counts_toward, parts, data, planned_at, status, due_at, provider_id)
       VALUES ($1, '2026-03-01', gen_random_uuid(), $2, $3, 1, 'p', 'x', $4, 't', 1, 'marketing', 'newsletter', 50, 'brand', true, true, true, 1, '{}',
         to_timestamp(0), $5, to_timestamp(0), $6)`,
      [scenario, channel, status, providerId],
    );

  test('are those of calls and messages that left, in its report, its preview and the register, and no path of a URL', async () => {
    await put(`INSERT INTO contact (lane, id, user_id, created_at) VALUES ($1, $2, 'ada', to_timestamp(0))`, []);
    await call('sync', 'https://crm.example.com/people/ada@example.com?name=Ada', 'done', 1, 200);
    await call('sync', 'https://crm.example.com?name=Ada', 'ready', 2, 503);
    await call('audit', 'HTTPS://crm.example.com#ada@example.com', 'failed', 8, null);
    await call('audit', 'https://shop.example.com\\ada', 'calling', 1, null);
    // Nothing was sent: it was never its turn, and the host was private.
    await call('sync', 'https://waiting.example.com/', 'ready', 0, null);
    await call('sync', 'https://private.example.com/', 'failed', 1, null);
    await message('news', 'email', 'sent', '250 queued');
    await message('alert', 'email', 'failed', null);
    await message('blocked', 'email', 'blocked', null);
    await message('captured', 'sms', 'sent', 'captured-1');

    const expected = [
      { by: 'email', host: 'smtps://mail.example.com:465', scenarios: ['alert', 'news'] },
      { by: 'webhook', host: 'https://crm.example.com', scenarios: ['audit', 'sync'] },
      { by: 'webhook', host: 'https://shop.example.com', scenarios: ['audit'] },
    ];
    expect(await recipientsOf(db.database, ADA, PROVIDERS)).toEqual(expected);
    expect((await previewErasure(db.database, ADA, PROVIDERS)).recipients).toEqual(expected);
    const report = await eraseContact(db.database, ADA, { origin: 'cli', actor: 'cli' }, PROVIDERS, 0);
    expect(report.recipients).toEqual(expected);
    expect(describeErasure(report)).toContain(
      `Was given data and is to be told (GDPR Art. 19):
  smtps://mail.example.com:465 (email, by alert, news)
  https://crm.example.com (webhook, by audit, sync)`,
    );
    const [request] = await requestsOf(db.database, 'done');
    expect(request).toMatchObject({ id: report.requestId, report: { recipients: expected } });
    // Nobody knows it of whoever is gone.
    expect(await recipientsOf(db.database, ADA, PROVIDERS)).toEqual([]);
  });
});
