import fc from 'fast-check';
import { signToken } from '../../src/consent/index.ts';
import { readTracking, signTracking, type TrackingUse } from '../../src/dispatch/tracking-token.ts';
import { contactIdOf, derivedId } from '../../src/shared/ids.ts';

const SECRET = 'a-secret-of-the-tests-only';
const contactId = contactIdOf('ada');
const token = {
  contactId,
  messageId: derivedId(contactId, 'message', 1),
  month: '2026-12-01',
  url: 'https://www.example.com/é?a=1&b=2#c',
};
const USES: TrackingUse[] = ['click', 'trap', 'open'];

describe('S3: the token of a link', () => {
  test('says what was put into it', () => {
    for (const use of USES) expect(readTracking(signTracking(token, use, SECRET), use, SECRET)).toEqual(token);
  });

  test('is worthless for another use, under another secret, and as a token to unsubscribe with', () => {
    for (const made of USES) {
      const text = signTracking(token, made, SECRET);
      for (const use of USES) if (use !== made) expect(readTracking(text, use, SECRET)).toBeNull();
      expect(readTracking(text, made, `${SECRET}!`)).toBeNull();
    }
    const other = signToken(
      { contactId, channel: 'email', purpose: 'x', messageId: token.messageId },
      'unsubscribe',
      SECRET,
    );
    for (const use of USES) expect(readTracking(other, use, SECRET)).toBeNull();
  });

  test('cannot be changed in any character, cut, lengthened or put together from two', () => {
    const text = signTracking(token, 'click', SECRET);
    const evil = signTracking({ ...token, url: 'https://evil.example/' }, 'click', `${SECRET}!`);
    const [payload, signature] = text.split('.') as [string, string];
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('A', 'B', 'a', 'b', '0', '1', '-', '_', '.', '%', '='),
        (at, letter) => {
          const changed = text.slice(0, at) + letter + text.slice(at + 1);
          if (changed !== text) expect(readTracking(changed, 'click', SECRET)).toBeNull();
          expect(readTracking(text.slice(0, at), 'click', SECRET)).toBeNull();
        },
      ),
    );
    for (const forged of [
      `${evil.split('.')[0]}.${signature}`,
      `${payload}.`,
      payload,
      '',
      '.',
      `${text}.`,
      `${text}=`,
      `${text}A`,
    ])
      expect(readTracking(forged, 'click', SECRET)).toBeNull();
  });

  test('is short', () => {
    expect(signTracking({ ...token, url: 'https://www.example.com/en/new' }, 'click', SECRET).length).toBeLessThan(110);
  });
});
