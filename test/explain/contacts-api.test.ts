import { absenceJson, contactAbsence, contactOutlook } from '../../src/explain/index.ts';
import { relance } from '../support/relance.ts';
import { START, startExplaining, type Explaining } from './setting.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let setting: Explaining;
beforeAll(async () => {
  setting = await startExplaining();
  const { run } = setting;
  for (const user of ['ada', 'bob', 'cyd', 'dan', 'eve'])
    await run.identify(user, {
      email: `${user}@example.com`,
      phone: '+33612345678',
      timezone: 'Europe/Paris',
      country: 'FR',
    });
  await run.identify('ada', { tier: 'vip' });
  for (const channel of ['email', 'sms']) await run.consent('ada', 'granted', channel);
  await run.settleInstant();
  await run.runUntil(START + HOUR);
  await run.track('ada', 'Offer', { total: 25 });
  await run.track('ada', 'Text');
  await run.track('bob', 'Offer', { total: 25 });
  await run.track('cyd', 'Offer', { total: 5 });
  await run.track('dan', 'Offer', { total: 25 }, { at: START - 3 * DAY });
  await run.settleInstant();
}, 120_000);
afterAll(() => setting?.close());

const why = async (user: string, scenario = 'vip-offer', language: 'en' | 'fr' = 'en') => {
  const found = await contactAbsence(setting.service.db.database, user, scenario, START + 2 * HOUR);
  return found === null ? null : absenceJson(user, found, language);
};
const sentence = async (...asked: Parameters<typeof why>): Promise<string | undefined> =>
  (await why(...asked))?.sentence.replaceAll('\u00a0', ' ');

describe('why a contact got nothing from a scenario (law L13)', () => {
  test.each([
    ['the audience', 'bob', 'As it is now, the contact is not in the audience of the scenario: tier = vip.'],
    [
      'the filter of the trigger, and the audience',
      'cyd',
      'Its last event, of Mon 2 Mar 2026 10:00, is not one that the scenario takes: total ≥ 20. As it is now, the contact is not in the audience of the scenario: tier = vip.',
    ],
    [
      'a late event',
      'dan',
      'Its last “Offer”, of Fri 27 Feb 2026 09:00, arrived on Mon 2 Mar 2026 10:00: that was too late to let anybody in. As it is now, the contact is not in the audience of the scenario: tier = vip.',
    ],
    [
      'no event at all',
      'eve',
      'It enters on “Offer”, and no such event of the contact has arrived. As it is now, the contact is not in the audience of the scenario: tier = vip.',
    ],
  ])('%s', async (_name, user, expected) => {
    expect(await sentence(user)).toBe(expected);
  });

  test('who was in it is told what became of the messages; in French too', async () => {
    expect(await why('ada')).toMatchObject({
      findings: [{ code: 'ended' }],
      messages: [{ step: 'tell', verdict: 'sent', sentence: 'Sent on Mon 2 Mar 2026 10:00.' }],
    });
    expect(await sentence('ada', 'vip-offer', 'fr')).toContain('(terminé).');
    expect(await sentence('bob', 'vip-offer', 'fr')).toBe(
      'Tel qu’il est à présent, le contact n’est pas dans l’audience du scénario : tier est vip.',
    );
  });

  test('an objection is told first', async () => {
    await setting.run.object('eve');
    expect((await why('eve'))?.findings[0]).toMatchObject({ code: 'objection' });
  });

  test('over HTTP; a scenario or contact that is not there is a 404', async () => {
    expect((await setting.get('/api/contacts/bob/why?scenario=vip-offer&lang=fr')).body).toMatchObject({
      scenario: 'vip-offer',
      findings: [{ code: 'audience', text: 'tier est vip' }],
    });
    expect(await setting.get('/api/contacts/nobody/why?scenario=vip-offer')).toMatchObject({ status: 404 });
    const missing = await setting.get('/api/contacts/bob/why?scenario=vip-ofer');
    expect(missing.status).toBe(404);
    expect(JSON.stringify(missing.body)).toContain('did you mean vip-offer?');
    expect(await setting.get('/api/contacts/bob/why')).toMatchObject({ status: 400 });
  });
});

describe('how much may be sent to a contact', () => {
  test('from what the database holds: what was sent uses room, the text that was sent too', async () => {
    const found = await contactOutlook(setting.service.db.database, 'ada', {}, START + 2 * HOUR);
    expect(found?.outlook.rules.map(({ rule, days }) => [rule, days[0]!.used, days[0]!.free])).toEqual([
      ['mail-gap', 1, 0],
      ['weekly', 2, 1],
    ]);
    expect(found?.outlook.channels.map(({ earliest }) => earliest)).toEqual([
      START + HOUR + 16 * HOUR,
      START + 2 * HOUR,
    ]);
  });

  test('P12: what another contact with the same address was sent is counted, though nothing was judged for this one yet', async () => {
    const { run } = setting;
    await run.identify('gus', { email: 'Ada@Example.com', timezone: 'Europe/Paris', country: 'FR' });
    await run.settleInstant();
    const found = await contactOutlook(setting.service.db.database, 'gus', {}, START + 2 * HOUR);
    expect(found!.outlook).toMatchObject({ shared: 1, sent: [] });
    expect(found!.outlook.rules.map(({ rule, days }) => [rule, days[0]!.used, days[0]!.free])).toEqual([
      ['mail-gap', 1, 0],
      ['weekly', 1, 2],
    ]);
  });

  test('felt pressure beside the objective: what a withdrawal weighs, and what it takes from which rule until when', async () => {
    const { run } = setting;
    await run.identify('fay', { email: 'fay@example.com', timezone: 'Europe/Paris', country: 'FR' });
    await run.consent('fay', 'granted');
    await run.settleInstant();
    await run.track('fay', 'News');
    await run.settleInstant();
    await run.consent('fay', 'withdrawn', 'sms');
    const found = await contactOutlook(setting.service.db.database, 'fay', {}, START + HOUR + 15 * DAY);
    const { felt, sent, rules } = found!.outlook;
    expect(felt.signals).toMatchObject([{ kind: 'unsubscribe', at: START + HOUR, points: 4, felt: 4 * 2 ** -0.5 }]);
    expect(felt.lowered).toEqual([]);
    expect(sent).toMatchObject([{ channel: 'email', days1: 0, days7: 0, days30: 1, all: 1, first: START + HOUR }]);
    expect(rules.map(({ days }) => days[0]!.used)).toEqual([0, 0]);
    const sooner = await contactOutlook(setting.service.db.database, 'fay', {}, START + 2 * HOUR);
    expect(sooner!.outlook.felt.lowered).toMatchObject([
      { rule: 'weekly', from: 3, max: 1, rises: [{ at: sooner!.outlook.felt.recovers, max: 3 }] },
    ]);
  });

  test('over HTTP, and as `relance pressure` prints it', async () => {
    const { body } = await setting.get('/api/contacts/ada/pressure?lang=fr');
    expect(body).toMatchObject({
      sent: [
        { channel: 'email', all: 1 },
        { channel: 'sms', all: 1 },
      ],
      felt: { level: 0, signals: [], lowered: [], recovers: null },
      userId: 'ada',
      zone: 'Europe/Paris',
      policyVersion: 1,
      rules: [
        { rule: 'mail-gap', days: expect.arrayContaining([]) },
        { rule: 'weekly', sentence: expect.stringContaining('sur 7 jours') },
      ],
      channels: [{ channel: 'email' }, { channel: 'sms' }],
    });
    expect(await setting.get('/api/contacts/nobody/pressure')).toMatchObject({ status: 404 });
    const env = { DATABASE_URL: setting.service.db.url, SECRET: 'a-secret-of-the-tests-only' };
    const { code, out } = await relance(setting.folder, ['pressure', 'ada'], env);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^ada, .*Europe\/Paris, policy 1\n[\s\S]*An advertising email could leave[\s\S]*mail-gap +1[\s\S]*felt pressure: no reaction weighs anything now\n[\s\S]*objective pressure/,
    );
    const said = await relance(
      setting.folder,
      ['why', 'contact', 'bob', '--scenario', 'vip-offer', '--lang', 'fr'],
      env,
    );
    expect(said.out.replaceAll('\u00a0', ' ')).toContain('n’est pas dans l’audience du scénario : tier est vip.');
  }, 60_000);
});
