import fc from 'fast-check';
import { smsParts } from '../../src/templates/index.ts';

describe('SMS length (L26)', () => {
  test.each<[string, string, 'gsm-7' | 'ucs-2', number, number]>([
    ['nothing', '', 'gsm-7', 0, 0],
    ['160 letters', 'a'.repeat(160), 'gsm-7', 160, 1],
    ['161 letters', 'a'.repeat(161), 'gsm-7', 161, 2],
    ['306 letters', 'a'.repeat(306), 'gsm-7', 306, 2],
    ['307 letters', 'a'.repeat(307), 'gsm-7', 307, 3],
    ['the euro sign counts two', 'Offre à 10€', 'gsm-7', 12, 1],
    ['every sign that counts two', '€[]{}\\^~|', 'gsm-7', 18, 1],
    ['80 euro signs', '€'.repeat(80), 'gsm-7', 160, 1],
    ['an escape is never cut from its sign', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'gsm-7', 306, 3],
    ['French letters inside GSM-7', 'Ça é è à ù É ì ò', 'gsm-7', 16, 1],
    ['70 letters with a circumflex', `ê${'a'.repeat(69)}`, 'ucs-2', 70, 1],
    ['71 letters with a circumflex', `ê${'a'.repeat(70)}`, 'ucs-2', 71, 2],
    ['134 with a circumflex', `ê${'a'.repeat(133)}`, 'ucs-2', 134, 2],
    ['135 with a circumflex', `ê${'a'.repeat(134)}`, 'ucs-2', 135, 3],
    ['a picture counts two', '🎁', 'ucs-2', 2, 1],
    ['a picture is never cut in two', `${'é'.repeat(66)}🎁${'é'.repeat(66)}`, 'ucs-2', 134, 3],
  ])('%s', (_name, text, encoding, units, parts) => {
    expect(smsParts(text)).toEqual({ encoding, units, parts });
  });

  test.each(Array.from('êâîôûëïœç’‘“”«»–…'))('%s switches the whole text to UCS-2', (character) => {
    expect(smsParts(`Bonjour ${character}`).encoding).toBe('ucs-2');
  });

  test.each(Array.from('@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&\'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà\n'))(
    '%j counts one',
    (character) => {
      expect(smsParts(character)).toEqual({ encoding: 'gsm-7', units: 1, parts: 1 });
    },
  );

  test('one first name with ê takes a text from one part to two', () => {
    const around = 'a'.repeat(96);
    expect(smsParts(`Zoe ${around}`).parts).toBe(1);
    expect(smsParts(`Zoê ${around}`).parts).toBe(2);
  });

  test('a longer text never has fewer units or parts', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.string({ unit: 'grapheme', maxLength: 50 }),
        (text, more) => {
          const [short, long] = [smsParts(text), smsParts(text + more)];
          expect(long.parts).toBeGreaterThanOrEqual(short.parts);
        },
      ),
    );
  });
});
