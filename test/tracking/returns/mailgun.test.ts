import type { Problem } from '../../../src/http/index.ts';
import { mailgun } from '../../../src/tracking/returns/providers/mailgun.service.ts';
import { HARD, mailgunCall } from './mailgun-call.ts';

const MESSAGE = '07c1d1c4-0000-8000-8000-000000000001';
const NOW = Date.parse('2026-03-02T12:00:00Z');

const readBody = async (body: unknown) =>
  mailgun.read(
    { headers: {}, body, url: '', query: {} },
    { settings: { mailgunKey: 'mailgun-key' }, now: NOW, fetchText: () => Promise.reject(new Error('asks nobody')) },
  );
const read = (data: object) => readBody(mailgunCall(MESSAGE, data, { at: NOW }));

test.each<[string, object, string]>([
  ['a mailbox that does not exist', HARD, 'hard'],
  [
    'one that it has on its own list of bounces',
    { ...HARD, reason: 'suppress-bounce', 'delivery-status': { code: 605 } },
    'hard',
  ],
  ['one that it has tried to reach for too long', { ...HARD, reason: 'old', 'delivery-status': { code: 602 } }, 'soft'],
  ['a reason that it has no word for', { ...HARD, reason: 'constructor', 'delivery-status': { code: 550 } }, 'unknown'],
])('L21: %s', async (_what, data, meaning) => {
  expect(await read(data)).toMatchObject([{ kind: 'bounced', meaning, messageId: MESSAGE }]);
});

test('malformed: every fault has its path', async () => {
  const body = { signature: { timestamp: '1', token: 't' }, 'event-data': { event: 1 } };
  const refused: unknown = await readBody(body).catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 400 });
  expect((refused as Problem).options.faults!.map(({ path }) => path)).toEqual([
    'signature.signature',
    'event-data.event',
  ]);
});

test('what Mailgun itself tries again is no bounce', async () => {
  expect(await read({ ...HARD, severity: 'temporary' })).toEqual([]);
});
