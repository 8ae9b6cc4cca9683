import fc from 'fast-check';
import { addressKey, canonicalEmail, canonicalPhone } from '../../src/shared/address.ts';

describe('C5a: one mailbox, one address', () => {
  test.each([
    ['Gone@EXAMPLE.net', 'Gone@example.net'],
    [' gone@example.net\u200b\u200b', 'gone@example.net'],
    ['\ufeffgone@example.net', 'gone@example.net'],
    ['gone@example.net.', 'gone@example.net'],
    ['gone@ＥＸＡＭＰＬＥ．net', 'gone@example.net'],
    ['gone@example。net', 'gone@example.net'],
    ['ｇｏｎｅ＠example.net', 'gone@example.net'],
    ['"gone"@example.net', 'gone@example.net'],
    ['"go\\ne"@example.net', 'gone@example.net'],
    ['gone@MÜNCHEN.de', 'gone@xn--mnchen-3ya.de'],
    ['gone@mu\u0308nchen.de', 'gone@xn--mnchen-3ya.de'],
    ['gone@xn--mnchen-3ya.de', 'gone@xn--mnchen-3ya.de'],
    ['JÖRG@example.net', 'JöRG@example.net'],
    ['jo\u0308rg@example.net', 'jörg@example.net'],
    ['用户@例え.テスト', '用户@xn--r8jz45g.xn--zckzah'],
    ["o'neil+shop=1@example.net", "o'neil+shop=1@example.net"],
    ['gone@\u212Aelvin.net', 'gone@kelvin.net'],
  ])('%j is delivered to %j', (written, value) => expect(canonicalEmail(written)).toEqual({ value }));

  test.each([
    ['gone@exam\u00adple.net', '"gone@example.net" has an invisible character (U+00AD) after exam.'],
    ['go\u200bne@example.net', '"gone@example.net" has an invisible character (U+200B) after go.'],
    ['gone\u202e@example.net', '"gone@example.net" has an invisible character (U+202E) after gone.'],
    ['go\u0000ne@example.net', '"gone@example.net" has an invisible character (U+0000) after go.'],
    ['go\u3164ne@example.net', '"gone@example.net" has an invisible character (U+3164) after go.'],
    ['gone@\u2060example.net', '"gone@example.net" has an invisible character (U+2060) after gone@.'],
    ['"go ne"@example.net', '""go ne"@example.net" is not an email address.'],
    ['"go,ne"@example.net', '""go,ne"@example.net" has a local part that needs quotes, which few servers take.'],
    ['gone(shop)@example.net', '"gone(shop)@example.net" is not an email address.'],
    ['gone@exam%70le.net', '"gone@exam%70le.net" has no domain that mail could be sent to.'],
    ['gone@example.net:25', '"gone@example.net:25" has no domain that mail could be sent to.'],
    ['gone@127.0.0.1', '"gone@127.0.0.1" has no domain that mail could be sent to.'],
    ['gone@0x7f.1', '"gone@0x7f.1" has no domain that mail could be sent to.'],
    ['gone@[127.0.0.1]', '"gone@[127.0.0.1]" has no domain that mail could be sent to.'],
    ['gone@localhost', '"gone@localhost" has no domain that mail could be sent to.'],
    ['gone@a..net', '"gone@a..net" has no domain that mail could be sent to.'],
    ['go..ne@example.net', '"go..ne@example.net" is not an email address.'],
    ['a@b@example.net', '"a@b@example.net" is not an email address.'],
    ['gone', '"gone" is not an email address.'],
    ['', '"" is not an email address.'],
  ])('%j is refused: %s', (written, message) => expect(canonicalEmail(written)).toMatchObject({ message }));

  test('64 octets before the @, 254 in all', () => {
    expect(canonicalEmail(`${'é'.repeat(32)}@example.net`).value).toBeDefined();
    expect(canonicalEmail(`${'é'.repeat(33)}@example.net`).message).toMatch(/has 66 octets before the @/);
    expect(canonicalEmail(`${'a'.repeat(65)}@example.net`).message).toMatch(/has 65 octets/);
    const long = `${`${'a'.repeat(60)}.`.repeat(4)}net`;
    expect(canonicalEmail(`abcdefgh@${long}`).message).toMatch(/is longer than the 254 octets/);
    expect(canonicalEmail(`a@${'b'.repeat(64)}.net`).message).toMatch(/no domain/);
  });
});

describe('C5a: one number, one address', () => {
  test.each([
    ['+33 6 12 34 56 78', null],
    ['＋３３ ６ １２ ３４ ５６ ７８', null],
    ['0033612345678', null],
    ['0033 6 12 34 56 78', 'US'],
    ['06 12 34 56 78', 'FR'],
    ['+33 (0)6 12 34 56 78', null],
    ['+33\u00a06\u00a012\u00a034\u00a056\u00a078', null],
    ['\u202a+33612345678\u202c', null],
    ['+33 6\u00ad12\u200b345678', null],
    ['tel:+33-6-12-34-56-78', null],
  ])('%j', (written, country) => expect(canonicalPhone(written, country)).toEqual({ value: '+33612345678' }));
  test.each(['n/a', '12', '', '+', '+33612'])('%j is refused', (written) =>
    expect(canonicalPhone(written, null).message).toMatch(/is not a phone number/),
  );
});

describe('C5a: what compares addresses', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc
      .tuple(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 12 }))
      .map(([local, domain]) => `${local}@${domain}.net`),
  );

  test('a canonical form is its own canonical form, and has nothing invisible in it', () => {
    fc.assert(
      fc.property(anything, (written) => {
        const { value } = canonicalEmail(written);
        if (value === undefined) return;
        expect(canonicalEmail(value)).toEqual({ value });
        expect(value).not.toMatch(/[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u);
      }),
    );
  });

  test('every spelling that is taken for a mailbox has the key of that mailbox, and a key is its own key', () => {
    fc.assert(
      fc.property(anything, (written) => {
        const { value } = canonicalEmail(written);
        if (value !== undefined) expect(addressKey(written)).toBe(addressKey(value));
        expect(addressKey(addressKey(written))).toBe(addressKey(written));
      }),
    );
  });

  /** How one mailbox can be written. */
  const spellings = fc
    .tuple(
      fc.array(fc.constantFrom('plain', 'upper', 'wide'), { minLength: 16, maxLength: 16 }),
      fc.constantFrom('', '.'),
      fc.constantFrom('.', '．', '。'),
      fc.boolean(),
      fc.constantFrom('', ' ', '\u200b', '\ufeff'),
    )
    .map(([styles, end, dot, quoted, around]) => {
      const spell = (text: string): string =>
        Array.from(text)
          .map((letter, index) => {
            if (styles[index] === 'upper') return letter.toUpperCase();
            return styles[index] === 'wide' ? String.fromCodePoint(letter.codePointAt(0)! + 0xfee0) : letter;
          })
          .join('');
      const local = quoted ? `"${spell('gone')}"` : spell('gone');
      return `${around}${local}@${spell('example')}${dot}${spell('net')}${end}${around}`;
    });

  test('no spelling escapes', () => {
    fc.assert(
      fc.property(spellings, (written) => {
        expect(addressKey(written)).toBe('gone@example.net');
        expect(addressKey(canonicalEmail(written).value!)).toBe('gone@example.net');
      }),
    );
  });

  test('what has no canonical form is compared without what nobody sees', () => {
    expect(addressKey('gone@exam\u00adple.net')).toBe('gone@example.net');
    expect(addressKey(' 36\u200b111 ')).toBe('36111');
    expect(addressKey('+33612345678')).toBe('+33612345678');
    expect(addressKey('0033 6 12 34 56 78')).toBe('+33612345678');
  });
});
