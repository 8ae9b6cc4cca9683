import fc from 'fast-check';
import { lookOf } from '../../src/gate/index.ts';
import { contrast, standingOut, textOn } from '../../src/pages/colour.ts';
import { DARK, LIGHT, themesOf } from '../../src/pages/look.ts';
import { page } from '../../src/pages/page.ts';
import { html } from '../../src/shared/html.ts';

const colours = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('the colours of people’s pages', () => {
  test.each([
    ['#000000', '#ffffff', 21],
    ['#777777', '#ffffff', 4.48],
    ['#2af', '#22aaff', 1],
  ])('WCAG 2.2: the contrast of %s and %s is %d', (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2);
  });

  test.each([
    ['#ffdd00', '#000000'],
    ['#23543f', '#ffffff'],
    ['#ff6600', '#000000'],
  ])('the words of a button of %s are %s', (colour, text) => {
    expect(textOn(colour)).toBe(text);
  });

  test('WCAG 2.2, 1.4.3: whatever the brand’s colour, words on it, links and outlines can be read in both themes', () => {
    fc.assert(
      fc.property(colours, (colour) => {
        const { light, dark } = themesOf({ brand: '', colour, logo: null });
        for (const [theme, { card }] of [
          [light, LIGHT],
          [dark, DARK],
        ] as const) {
          expect(contrast(theme.brand, theme['on-brand'])).toBeGreaterThanOrEqual(4.5);
          expect(contrast(theme.accent, card)).toBeGreaterThanOrEqual(4.5);
          expect(contrast(theme.accent, theme['on-accent'])).toBeGreaterThanOrEqual(4.5);
        }
        expect(light.brand).toBe(colour);
      }),
    );
  });

  test('a colour that stands out already stays as it is', () => {
    expect(standingOut('#23543f', '#ffffff', 4.5)).toBe('#23543f');
  });
});

describe('whose page it is', () => {
  const senders = { brand: { email: 'Maison Relance <hello@example.com>' } };
  const brands = {
    acme: { label: 'Acme', senders: ['brand'], pages: { colour: '#ff0000' } },
    plain: { label: 'Plain', senders: ['other'] },
  };
  const pages = { brand: 'The Group', colour: '#123456', logo: 'https://example.com/logo.svg' };

  test.each([
    ['the first sender’s name, where nothing else is said', { senders, pages: {} }, undefined, 'Maison Relance', null],
    ['the policy’s pages', { senders, pages }, undefined, 'The Group', '#123456'],
    ['a brand’s label, and its own colour', { senders, brands, pages }, 'acme', 'Acme', '#ff0000'],
    ['a brand’s label, and the policy’s colour', { senders, brands, pages }, 'plain', 'Plain', '#123456'],
  ])('%s', (_name, policy, id, brand, colour) => {
    expect(lookOf(policy, id)).toMatchObject({ brand, colour });
  });

  test('a logo stands for the name, which is still read out', () => {
    const look = { brand: 'A & "B"', colour: null, logo: 'https://example.com/logo.svg' };
    expect(page({ language: 'en', title: 'Hello', look }, html`<h1>Hello</h1>`).text).toContain(
      '<img src="https://example.com/logo.svg" alt="A &amp; &quot;B&quot;" referrerpolicy="no-referrer" />',
    );
  });
});
