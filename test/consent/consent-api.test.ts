import { brokenAt } from '../../src/consent/entry.ts';
import { contactIdOf } from '../../src/shared/ids.ts';
import { basic, startService, WRITE_KEY } from '../support/service.ts';
import { startWithProgramme, type ConsentTestService } from './programme.ts';

let service: ConsentTestService;
beforeAll(async () => {
  service = await startWithProgramme(['api', 'engine']);
}, 60_000);
afterAll(() => service?.close());

const source = { kind: 'form', reference: 'https://shop.example.com/newsletter', textVersion: '2026-01' };
const grant = { channel: 'email', purpose: 'newsletter', action: 'granted', source };
const post = (body: unknown, headers?: Record<string, string | undefined>): Promise<Response> =>
  service.post('/v1/consent', body, headers);
const rows = async (): Promise<number> => {
  const text = `SELECT (SELECT count(*) FROM consent_entry) + (SELECT count(*) FROM consent_state) AS n`;
  return (await service.db.database.run<{ n: number }>({ name: 'test-consent-rows', text }))[0]!.n;
};
interface Problem {
  type: string;
  status: number;
  errors: { code: string; path: string; message: string; hint?: string }[];
}

describe('C2: POST /v1/consent keeps who, when, what, how and in which words', () => {
  test('everything given is in the ledger when the answer comes', async () => {
    const at = new Date(Date.now() - 86_400_000).toISOString();
    const told = { ...source, text: '  Oui, écrivez-moi.\n', ip: '2001:db8::7', userAgent: 'Mozilla/5.0' };
    const response = await post({
      userId: 'ada',
      entries: [
        { ...grant, at, source: told, legalBasis: 'consent' },
        { ...grant, channel: 'sms', action: 'refused' },
      ],
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ success: true });
    const ledger = await service.ledger('ada');
    expect(ledger).toMatchObject([
      {
        ordinal: 1,
        channel: 'email',
        purpose: 'newsletter',
        action: 'granted',
        at: Date.parse(at),
        legalBasis: 'consent',
        source: { kind: 'form', reference: source.reference },
        textVersion: '2026-01',
        // The very words, blanks included: they are the proof.
        text: '  Oui, écrivez-moi.\n',
        ip: '2001:db8::7',
        userAgent: 'Mozilla/5.0',
      },
      { ordinal: 2, channel: 'sms', action: 'refused', legalBasis: null, text: null, ip: null, userAgent: null },
    ]);
    expect(ledger[1]!.at).toBe(ledger[1]!.recordedAt);
    expect(brokenAt(ledger)).toBeNull();
  });

  test('an instant in the future is that of arrival: a clock that runs ahead must not outlast a later withdrawal', async () => {
    const at = new Date(Date.now() + 3_600_000).toISOString();
    await post({ userId: 'future', entries: [{ ...grant, at }] });
    await post({ userId: 'future', entries: [{ ...grant, action: 'withdrawn' }] });
    const [first] = await service.ledger('future');
    expect(first!.at).toBe(first!.recordedAt);
    const states = await service.db.database.run(
      { name: 'test-state', text: 'SELECT state FROM consent_state WHERE contact_id = $1' },
      [contactIdOf('future')],
    );
    expect(states).toEqual([{ state: 'withdrawn' }]);
  });

  test('a numeric user id is the same person as its text', async () => {
    expect((await post({ userId: 42, entries: [grant] })).status).toBe(200);
    expect(await service.ledger('42')).toHaveLength(1);
  });

  test('a user id is taken to the letter, as the events API does: blanks make another person', async () => {
    expect((await post({ userId: ' ada ', entries: [grant] })).status).toBe(200);
    expect(await service.ledger(' ada ')).toHaveLength(1);
  });

  test('calls that come at once for one person make one whole chain', async () => {
    const responses = await Promise.all(
      Array.from({ length: 20 }, () => post({ userId: 'busy', entries: [grant, { ...grant, purpose: 'offers' }] })),
    );
    expect(responses.every(({ status }) => status === 200)).toBe(true);
    const ledger = await service.ledger('busy');
    expect(ledger).toHaveLength(40);
    expect(brokenAt(ledger)).toBeNull();
  });
});

describe('S1: the write key', () => {
  const noHeader = { authorization: undefined };
  test.each([
    ['Basic with the key as user name', { authorization: basic(WRITE_KEY) }, {}],
    ['Bearer', { authorization: `Bearer ${WRITE_KEY}` }, {}],
    ['writeKey in the body', noHeader, { writeKey: WRITE_KEY }],
  ])('%s is accepted', async (_name, headers, extra) => {
    expect((await post({ userId: 'key', entries: [grant], ...extra }, headers)).status).toBe(200);
  });

  test.each([
    ['none', noHeader, {}],
    ['a wrong one', { authorization: basic('wrong') }, {}],
    ['a wrong one in the body', noHeader, { writeKey: 'wrong' }],
  ])('%s is 401, and nothing is stored', async (_name, headers, extra) => {
    const before = await rows();
    const response = await post({ userId: 'nobody', entries: [grant], ...extra }, headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toMatch('application/problem+json');
    expect(await rows()).toBe(before);
  });
});

describe('D1: malformed calls are 400 with every fault and its path, and nothing of them is stored', () => {
  const faults = async (body: unknown): Promise<Problem['errors']> => {
    const before = await rows();
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch('application/problem+json');
    const problem = (await response.json()) as Problem;
    expect(problem.type).toBe('urn:relance:problem:invalid-request');
    expect(await rows()).toBe(before);
    return problem.errors;
  };
  const call = (...entries: unknown[]): unknown => ({ userId: 'ada', entries });

  test.each<[string, unknown, string[]]>([
    ['no JSON', '{"userId": ', ['']],
    ['a list', [grant], ['']],
    ['null', null, ['']],
    ['nothing', {}, ['userId', 'entries']],
    ['no entries', call(), ['entries']],
    ['more than 100 entries', call(...Array.from({ length: 101 }, () => grant)), ['entries']],
    ['entries that are no list', { userId: 'ada', entries: grant }, ['entries']],
    ['an entry that is none', call(grant, 7), ['entries.1']],
    ['an empty user id', { userId: '', entries: [grant] }, ['userId']],
    ['a user id that is a fraction', { userId: 1.5, entries: [grant] }, ['userId']],
    ['NUL in the user id', { userId: 'a\0', entries: [grant] }, ['userId']],
    ['a channel that does not exist', call({ ...grant, channel: 'fax' }), ['entries.0.channel']],
    ['an action that does not exist', call({ ...grant, action: 'revoked' }), ['entries.0.action']],
    ['a legal basis that does not exist', call({ ...grant, legalBasis: 'because' }), ['entries.0.legalBasis']],
    ['an instant without a zone', call({ ...grant, at: '2026-03-01T08:00:00' }), ['entries.0.at']],
    ['a day that is no instant', call({ ...grant, at: '2026-03-01' }), ['entries.0.at']],
    ['no source', call({ ...grant, source: undefined }), ['entries.0.source']],
    [
      'a source without its fields',
      call({ ...grant, source: {} }),
      ['entries.0.source.kind', 'entries.0.source.reference', 'entries.0.source.textVersion'],
    ],
    ['a blank kind', call({ ...grant, source: { ...source, kind: ' ' } }), ['entries.0.source.kind']],
    ['an address that is none', call({ ...grant, source: { ...source, ip: '300.1.1.1' } }), ['entries.0.source.ip']],
    [
      'half a surrogate pair in the words',
      call({ ...grant, source: { ...source, text: '\ud800' } }),
      ['entries.0.source.text'],
    ],
    [
      'words without end',
      call({ ...grant, source: { ...source, text: 'x'.repeat(10_001) } }),
      ['entries.0.source.text'],
    ],
    ['a mistyped key', call({ ...grant, purose: 'offers' }), ['entries.0.purose']],
    [
      'two mistyped keys in a source',
      call({ ...grant, source: { ...source, url: 'x', form: 'y' } }),
      ['entries.0.source.url', 'entries.0.source.form'],
    ],
    [
      'one good entry among faults',
      call({ ...grant, channel: 'fax' }, grant, { ...grant, purpose: 'news' }),
      ['entries.0.channel', 'entries.2.purpose'],
    ],
  ])('%s', async (_name, body, paths) => {
    const found = await faults(body);
    expect(found.map(({ path }) => path)).toEqual(paths);
    for (const { code, message } of found) {
      expect(code).toMatch(/^[a-z-]+$/);
      expect(message).not.toMatch(/Invalid|expected [a-z]+,|undefined/);
    }
  });

  test('an unknown purpose names the known ones: a mistyped one would be a consent no message ever asks for', async () => {
    const [fault] = await faults(call({ ...grant, purpose: 'newsletters' }));
    expect(fault).toMatchObject({
      path: 'entries.0.purpose',
      message: expect.stringContaining('"newsletters"'),
      hint: expect.stringContaining('newsletter, offers'),
    });
  });

  test('purposes are looked up as they are, and not among what every object has', async () => {
    for (const purpose of ['constructor', '__proto__', 'Newsletter', ' newsletter']) {
      expect(await faults(call({ ...grant, purpose }))).toMatchObject([{ path: 'entries.0.purpose' }]);
    }
  });
});

test('D1: before anything is published nothing can be checked: 503, to be sent again, and nothing is stored', async () => {
  const bare = await startService({ roles: ['api'] });
  try {
    const response = await bare.post('/v1/consent', { userId: 'ada', entries: [grant] });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('relance apply') });
    expect(await bare.db.dataSource.query('SELECT 1 FROM consent_entry')).toEqual([]);
  } finally {
    await bare.close();
  }
});

test('L22: a request that is later than its confirmation is 400 with the field and what to write', async () => {
  const before = await rows();
  const at = '2026-03-01T08:00:00Z';
  const response = await post({
    userId: 'backwards',
    entries: [
      { ...grant, at, requestedAt: '2026-03-01T07:00:00Z' },
      { ...grant, at, requestedAt: '2026-03-01T08:00:01Z' },
      { ...grant, requestedAt: '2999-01-01T00:00:00Z' },
    ],
  });
  expect(response.status).toBe(400);
  const { errors } = (await response.json()) as Problem;
  expect(errors.map(({ path }) => path)).toEqual(['entries.1.requestedAt', 'entries.2.requestedAt']);
  expect(errors[0]!.message).toBe('entries.1.requestedAt is later than `at`.');
  expect(errors[0]!.hint).toContain('when the person confirmed it');
  expect(await rows()).toBe(before);
});
