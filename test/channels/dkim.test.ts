import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import { composeEmail, SmtpAdapter } from '../../src/channels/index.ts';
import { startMailServer } from './mail-server.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** Relaxed header canonicalisation: RFC 6376, 3.4.2. */
const relaxedHeader = (field: string): string => {
  const colon = field.indexOf(':');
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${field.slice(0, colon).trim().toLowerCase()}:${value}`;
};

/** Relaxed body canonicalisation: RFC 6376, 3.4.4. */
const relaxedBody = (body: string): string =>
  `${body
    .replace(/[ \t]+\r\n/g, '\r\n')
    .replace(/[ \t]+/g, ' ')
    .replace(/(\r\n)+$/, '')}\r\n`;

/** A verifier of our own (RFC 6376, 6.1): what was signed, and whether the signature and the body hash hold. */
function verify(source: string): { signed: string[]; body: boolean; signature: boolean; tags: Record<string, string> } {
  const end = source.indexOf('\r\n\r\n');
  const fields = source.slice(0, end).split(/\r\n(?![ \t])/);
  const dkim = fields.find((field) => /^dkim-signature:/i.test(field))!;
  const pairs = dkim
    .slice(dkim.indexOf(':') + 1)
    .split(';')
    .map((tag) => [tag.slice(0, tag.indexOf('=')), tag.slice(tag.indexOf('=') + 1)] as const);
  const tags = Object.fromEntries(pairs.map(([key, value]) => [key.trim(), value.replace(/\s+/g, '')]));
  const signed = tags.h!.toLowerCase().split(':');
  const left = [...fields];
  const chosen = signed.map((name) => {
    const at = left.findLastIndex((field) => field.toLowerCase().startsWith(`${name}:`));
    return at < 0 ? '' : `${relaxedHeader(left.splice(at, 1)[0]!)}\r\n`;
  });
  const unsigned = relaxedHeader(dkim.replace(/\bb=[\s\S]*$/, 'b='));
  const hash = createHash('sha256')
    .update(relaxedBody(source.slice(end + 4)))
    .digest('base64');
  const verifier = createVerify('RSA-SHA256').update(chosen.join('') + unsigned);
  return { signed, tags, body: hash === tags.bh, signature: verifier.verify(publicKey, tags.b!, 'base64') };
}

test('DKIM signs the mail, both headers of one-click unsubscription included (C5, L18)', async () => {
  const server = await startMailServer();
  const dkim = { domain: 'example.com', selector: 'relance', privateKey };
  const adapter = new SmtpAdapter({ url: server.url, poolSize: 1, timeoutMs: 5_000, dkim });
  const message = composeEmail({
    message: {
      id: '07c1d1c4-0000-8000-8000-000000000001',
      contactId: '07c1d1c4-0000-5000-8000-000000000000',
      category: 'marketing',
      programme: 'welcome',
      scenarioId: 'newsletter-welcome',
    },
    to: 'ada@example.com',
    sender: { email: 'Relance <hello@example.com>' },
    rendered: { subject: 'Bienvenue à bord', html: '<p>Bonjour é</p>', text: 'Bonjour é', from: null },
    unsubscribeLink: 'https://relance.example.com/u/token',
  });
  expect(await adapter.deliver(message)).toMatchObject({ kind: 'sent' });
  await adapter.close();
  await server.close();

  const [source] = server.received;
  const result = verify(source!);
  expect(result).toMatchObject({
    body: true,
    signature: true,
    tags: { d: 'example.com', s: 'relance', a: 'rsa-sha256' },
  });
  expect(result.signed).toEqual(
    expect.arrayContaining([
      'from',
      'to',
      'subject',
      'date',
      'message-id',
      'list-unsubscribe',
      'list-unsubscribe-post',
    ]),
  );
  const forged = source!.replace('List-Unsubscribe=One-Click', 'List-Unsubscribe=Two-Click');
  expect(verify(forged).signature).toBe(false);
});
