import fc from 'fast-check';
import { addressMark, feedbackAddress, readReturnAddress, returnAddress } from '../../src/channels/index.ts';

const SETTINGS = { domain: 'bounces.example.com', secret: 'a-secret-of-the-tests-only' };
const TO = 'ada@example.com';
const id = fc.uuid().filter((text) => !text.startsWith('00000000-0000-0000'));

test('L21: a return address names its message, and the mailbox it went to by a mark only', () => {
  fc.assert(
    fc.property(id, (messageId) => {
      const address = returnAddress(messageId, TO, SETTINGS);
      expect(address).not.toContain(TO);
      expect(readReturnAddress(address, SETTINGS)).toEqual({ messageId, mark: addressMark(TO, SETTINGS.secret) });
    }),
  );
});

test('the local part keeps within the 64 octets of RFC 5321, and the whole within its 256', () => {
  const [local] = returnAddress('ffffffff-ffff-8fff-bfff-ffffffffffff', TO, SETTINGS).split('@');
  expect(local!.length).toBeLessThanOrEqual(64);
  expect(local).toMatch(/^bounce\+[a-z2-7]+$/);
});

test('a server that changed the case of the local part did no harm', () => {
  const address = returnAddress('07c1d1c4-0000-8000-8000-000000000001', TO, SETTINGS);
  expect(readReturnAddress(address.toUpperCase(), SETTINGS)).toEqual(readReturnAddress(address, SETTINGS));
});

test('no address can be forged: any changed character, another secret and another domain are refused', () => {
  fc.assert(
    fc.property(id, fc.nat(), fc.constantFrom('a', 'b', 'k', 'z', '2', '7'), (messageId, where, letter) => {
      const address = returnAddress(messageId, TO, SETTINGS);
      const at = 7 + (where % (address.indexOf('@') - 7));
      const changed = address.slice(0, at) + letter + address.slice(at + 1);
      if (changed !== address) expect(readReturnAddress(changed, SETTINGS)).toBeNull();
      expect(readReturnAddress(address, { ...SETTINGS, secret: 'another-secret-of-tests' })).toBeNull();
      expect(readReturnAddress(address, { ...SETTINGS, domain: 'example.com' })).toBeNull();
    }),
  );
});

test.each([
  '',
  '@',
  'bounce+@bounces.example.com',
  'bounce+a@bounces.example.com',
  'postmaster@bounces.example.com',
  'bounce+é@bounces.example.com',
])('%s is no return address', (text) => {
  expect(readReturnAddress(text, SETTINGS)).toBeNull();
});

test('the address for feedback loops names no message, and is like no other', () => {
  expect(readReturnAddress(feedbackAddress(SETTINGS), SETTINGS)).toEqual({ messageId: null, mark: '' });
  expect(feedbackAddress(SETTINGS)).not.toBe(feedbackAddress({ ...SETTINGS, secret: 'another-secret-of-tests' }));
});

test('a mark tells mailboxes apart, whatever their case', () => {
  expect(addressMark(' Ada@Example.com', 'x')).toBe(addressMark(TO, 'x'));
  expect(addressMark('bea@example.com', 'x')).not.toBe(addressMark(TO, 'x'));
});
