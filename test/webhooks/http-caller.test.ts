import { HttpCaller, type Resolve } from '../../src/webhooks/http-caller.service.ts';
import { Receiver } from './setting.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await new Receiver().open();
});
afterEach(() => receiver.close());

const here = (): Promise<string[]> => Promise.resolve(['127.0.0.1']);
const never: Resolve = () => Promise.reject(new Error('asked for a name'));
const call = (url: string, fields = {}) => ({ method: 'POST', url, headers: {}, body: '{"a":1}', ...fields });
const at = (host: string): string => `http://${host}:${receiver.port}/hook?x=1`;
/** The policy allows the receiver of this test, which is on this machine like any. */
const allowed = (host: string): string[] => [`${host}:${receiver.port}`];

describe('a call', () => {
  test('carries method, path, headers, body and its length, and the name as Host', async () => {
    const headers = { 'X-Team': 'care', 'content-type': 'application/cloudevents+json' };
    const answer = await new HttpCaller(here).call(
      call(at('crm.example'), { method: 'PUT', headers, body: '{"a":"é"}' }),
      allowed('crm.example'),
    );
    expect(answer).toEqual({ kind: 'answered', statusCode: 200, retryAfter: null });
    expect(receiver.received).toMatchObject([
      {
        method: 'PUT',
        url: '/hook?x=1',
        body: '{"a":"é"}',
        headers: {
          host: `crm.example:${receiver.port}`,
          'x-team': 'care',
          'content-type': 'application/cloudevents+json',
          'content-length': '10',
        },
      },
    ]);
  });

  test('without a body has none', async () => {
    await new HttpCaller(here).call(call(at('crm.example'), { method: 'GET', body: null }), allowed('crm.example'));
    expect(receiver.received).toMatchObject([{ method: 'GET', body: '' }]);
    expect(receiver.received[0]!.headers['content-type']).toBeUndefined();
  });

  test('tells the status and Retry-After, and follows no redirect', async () => {
    receiver.answer = (response) => response.writeHead(302, { location: '/other', 'retry-after': '7' }).end();
    const answer = await new HttpCaller(here).call(call(at('crm.example')), allowed('crm.example'));
    expect(answer).toEqual({ kind: 'answered', statusCode: 302, retryAfter: '7' });
    expect(receiver.received).toHaveLength(1);
  });

  test('reads an endless answer no further than it has to', async () => {
    receiver.answer = (response) => {
      const flood = (): void => {
        while (response.write(Buffer.alloc(16 * 1024)));
      };
      response.on('drain', flood);
      flood();
    };
    const answer = await new HttpCaller(here).call(call(at('crm.example')), allowed('crm.example'));
    expect(answer).toMatchObject({ kind: 'answered', statusCode: 200 });
  });

  test('gives up a receiver that is silent, one that stops in the middle of its answer not', async () => {
    receiver.answer = () => {};
    const quick = new HttpCaller(here, 200);
    expect(await quick.call(call(at('crm.example')), allowed('crm.example'))).toEqual({
      kind: 'unreachable',
      reason: 'no answer within 0.2 s',
    });
    receiver.answer = (response) => void response.writeHead(202).write('begun');
    expect(await quick.call(call(at('crm.example')), allowed('crm.example'))).toMatchObject({ statusCode: 202 });
  });

  test('gives up a name server that is silent, and says what else went wrong', async () => {
    const silent = new HttpCaller(() => new Promise(() => {}), 100);
    expect(await silent.call(call('https://crm.example.com'), [])).toMatchObject({ reason: 'no answer within 0.1 s' });
    const { port } = receiver;
    await receiver.close();
    expect(await new HttpCaller(here).call(call(`http://a.example:${port}`), ['a.example'])).toEqual({
      kind: 'unreachable',
      reason: 'could not be reached: ECONNREFUSED',
    });
    receiver = await new Receiver().open();
  });
});

describe('S4: private addresses', () => {
  test.each([
    'http://127.0.0.1',
    'http://127.1',
    'http://0x7f000001',
    'http://2130706433',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://localhost',
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1',
  ])('%s is refused before anything is asked', async (url) => {
    const answer = await new HttpCaller(never).call(call(`${url}:${receiver.port}`.replace(/(data):\d+$/, '$1')), []);
    expect(answer).toMatchObject({ kind: 'refused' });
    expect(receiver.received).toEqual([]);
  });

  test.each([['127.0.0.1'], ['::1'], ['10.0.0.1', '192.168.0.1'], ['64:ff9b::7f00:1'], []])(
    'a name that leads to %j is refused, with where it leads to',
    async (...addresses) => {
      const answer = await new HttpCaller(() => Promise.resolve(addresses)).call(call(at('crm.example')), []);
      expect(answer).toMatchObject({
        kind: 'refused',
        reason: `crm.example, which leads to ${addresses.join(', ') || 'nothing'}, is a private address, which policy.yaml does not allow`,
      });
      expect(receiver.received).toEqual([]);
    },
  );

  test('the name is asked for once: what it leads to later plays no part', async () => {
    const asked: string[] = [];
    const rebinding: Resolve = (hostname) => {
      asked.push(hostname);
      // First a public address that is silent on this port, then the receiver.
      return Promise.resolve(asked.length === 1 ? ['2606:4700:4700::1111'] : ['127.0.0.1']);
    };
    const answer = await new HttpCaller(rebinding, 300).call(call(at('crm.example')), []);
    expect(answer).toMatchObject({ kind: 'unreachable' });
    expect(asked).toEqual(['crm.example']);
    expect(receiver.received).toEqual([]);
  });

  test('a host that the policy allows is called, with its port only when that is named', async () => {
    const caller = new HttpCaller(here);
    expect(await caller.call(call(at('127.0.0.1')), ['127.0.0.1'])).toMatchObject({ kind: 'answered' });
    expect(await caller.call(call(at('crm.internal')), allowed('crm.internal'))).toMatchObject({ kind: 'answered' });
    expect(await caller.call(call(at('crm.internal')), ['crm.internal:1'])).toMatchObject({ kind: 'refused' });
    expect(await caller.call(call(at('crm.internal')), ['other.internal'])).toMatchObject({ kind: 'refused' });
    expect(receiver.received).toHaveLength(2);
  });
});
