import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { signedHeaders, signingSecrets } from '../../src/webhooks/signature.ts';

const NOW = Math.floor(Date.now() / 1000);
const OTHER = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const [own] = signingSecrets({ secret: 'a secret of the service' }) as [string];
const json = fc.json().map((text) => JSON.stringify(JSON.parse(text)));

describe('the signature of a webhook call', () => {
  test('is the one of the specification’s own example', () => {
    // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Signature scheme"
    const headers = signedHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}', [
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    ]);
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('is taken by an independent verifier, whatever the body', () => {
    fc.assert(
      fc.property(fc.uuid(), json, (id, body) => {
        expect(new Webhook(own).verify(body, signedHeaders(id, NOW, body, [own]))).toEqual(JSON.parse(body));
      }),
    );
  });

  test('is made for every secret, so that either verifies', () => {
    const headers = signedHeaders('id', NOW, '{}', [own, OTHER]);
    for (const secret of [own, OTHER]) expect(new Webhook(secret).verify('{}', headers)).toEqual({});
    const stranger = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
    expect(() => new Webhook(stranger).verify('{}', headers)).toThrow('No matching signature');
  });

  test.each([
    ['another body', { body: '{"a":1}' }],
    ['another id', { headers: { 'webhook-id': 'other' } }],
    ['another time', { headers: { 'webhook-timestamp': String(NOW + 1) } }],
  ])('does not pass with %s', (_what, { body = '{}', headers = {} }: { body?: string; headers?: object }) => {
    const signed = { ...signedHeaders('id', NOW, '{}', [own]), ...headers };
    expect(() => new Webhook(own).verify(body, signed)).toThrow('No matching signature');
  });
});

describe('the secret', () => {
  test('is made of SECRET when there is none, always the same, and not to be told from it', () => {
    expect(own).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(signingSecrets({ secret: 'a secret of the service' })).toEqual([own]);
    expect(signingSecrets({ secret: 'another secret' })).not.toEqual([own]);
  });

  test('is WEBHOOK_SECRET where that is set', () => {
    expect(signingSecrets({ secret: 'x', webhookSecrets: [OTHER, own] })).toEqual([OTHER, own]);
  });
});
