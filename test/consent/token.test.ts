import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { readToken, signToken, type LinkToken, type TokenUse } from '../../src/consent/token.ts';
import { contactIdOf, derivedId } from '../../src/shared/ids.ts';

const SECRET = 'a-secret-of-the-tests-only';
const tokenOf = (user: string, purpose = 'newsletter'): LinkToken => ({
  contactId: contactIdOf(user),
  channel: 'email',
  purpose,
  messageId: derivedId(contactIdOf(user), 'message', 1),
});
const sign = (token: LinkToken): string => signToken(token, 'unsubscribe', SECRET);
const read = (text: string): LinkToken | null => readToken(text, 'unsubscribe', SECRET);

const text = fc.string({ unit: 'binary', maxLength: 40 }).map((value) => value.toWellFormed());
const anyToken: fc.Arbitrary<LinkToken> = fc.record({
  contactId: fc.uuid(),
  channel: text,
  purpose: text,
  messageId: fc.uuid(),
});
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('C5: tokens', () => {
  test('what is signed is read back', () => {
    fc.assert(fc.property(anyToken, (token) => expect(read(sign(token))).toEqual(token)));
  });

  test('they are safe in an address, unescaped', () => {
    fc.assert(fc.property(anyToken, (token) => expect(sign(token)).toMatch(/^[\w-]+\.[\w-]+$/)));
  });

  test('the same message has the same link, now and after a restart', () => {
    expect(sign(tokenOf('ada'))).toBe(sign(tokenOf('ada')));
  });

  test('a character changed into any other makes it worthless, wherever it stands', () => {
    const good = sign(tokenOf('ada'));
    for (const [at, old] of good.split('').entries()) {
      for (const changed of `${BASE64URL}.=+/ %\0é`) {
        if (changed !== old)
          expect([at, changed, read(good.slice(0, at) + changed + good.slice(at + 1))]).toEqual([at, changed, null]);
      }
    }
  });

  test('so does cutting anything off either end, and adding anything', () => {
    const good = sign(tokenOf('ada'));
    for (let length = 0; length < good.length; length++) {
      expect(read(good.slice(0, length))).toBeNull();
      expect(read(good.slice(-length - 1, -1))).toBeNull();
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (more) => {
        expect(read(good + more)).toBeNull();
        expect(read(more + good)).toBeNull();
      }),
    );
    for (const more of ['=', '==', '.', ' ', '\n', 'A', '/', '?']) expect(read(good + more)).toBeNull();
  });

  test('and another spelling of the same bytes', () => {
    // 32 bytes leave two bits of the last character unused: four characters stand for the same signature.
    const good = sign(tokenOf('ada'));
    const last = BASE64URL.indexOf(good.at(-1)!);
    const [payload, signature] = good.split('.') as [string, string];
    const bytes = Buffer.from(signature, 'base64url');
    const spellings = [0, 1, 2, 3]
      .map((bits) => good.slice(0, -1) + BASE64URL[(last & ~3) | bits]!)
      .filter((one) => one !== good);
    expect(spellings.map((one) => Buffer.from(one.split('.')[1]!, 'base64url').equals(bytes))).toEqual([
      true,
      true,
      true,
    ]);
    spellings.push(`${payload}.${bytes.toString('base64')}`, `${payload}.${signature}=`, `${payload}=.${signature}`);
    for (const spelling of spellings) expect(read(spelling)).toBeNull();
  });

  test('two tokens cannot be put together into a third: one of Ada never acts for Grace', () => {
    const differing = fc.tuple(anyToken, anyToken).filter(([one, two]) => JSON.stringify(one) !== JSON.stringify(two));
    fc.assert(
      fc.property(differing, ([one, two]) => {
        const [[payload], [, signature]] = [sign(one).split('.'), sign(two).split('.')];
        expect(read(`${payload}.${signature}`)).toBeNull();
      }),
    );
  });

  test('another secret, or none, made no token of ours', () => {
    fc.assert(
      fc.property(anyToken, fc.string(), (token, secret) => {
        fc.pre(secret !== SECRET);
        expect(read(signToken(token, 'unsubscribe', secret))).toBeNull();
      }),
    );
    const [payload] = sign(tokenOf('ada')).split('.');
    expect(read(`${payload}.`)).toBeNull();
  });

  test('a token made for one use is worthless for another', () => {
    expect(readToken(sign(tokenOf('ada')), 'preferences' as TokenUse, SECRET)).toBeNull();
    expect(read(signToken(tokenOf('ada'), 'preferences' as TokenUse, SECRET))).toBeNull();
  });

  test('a signature of the payload alone, without its use, is none', () => {
    const [payload] = sign(tokenOf('ada')).split('.') as [string];
    expect(read(`${payload}.${createHmac('sha256', SECRET).update(payload).digest('base64url')}`)).toBeNull();
  });

  test('garbage is null and never an error', () => {
    const garbage = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...BASE64URL.split(''), '.', '=', '%') }),
      fc.tuple(fc.base64String(), fc.base64String()).map((parts) => parts.join('.')),
    );
    fc.assert(fc.property(garbage, (one) => expect(read(one)).toBeNull()));
    for (const one of ['', '.', '..', 'a', 'a.', '.a', 'a.b.c', 'null', '%00', '💥.💥']) expect(read(one)).toBeNull();
  });
});
