import { standingOut, textOn } from './colour.ts';

/** Whose page it is: the policy's `pages`, or a brand's. */
export interface Look {
  /** Whom people know us as; empty when nobody can say. */
  brand: string;
  /** `#rrggbb`; null for the house's own green. */
  colour: string | null;
  /** An image over https; null for the brand's name in letters. */
  logo: string | null;
}

/** While the policy cannot be read. */
export const NOBODY: Look = { brand: '', colour: null, logo: null };

const HOUSE_COLOUR = '#23543f';

/** What the two themes are made of; the names are those of the CSS variables. */
export const LIGHT = {
  page: '#f5f2ec',
  card: '#ffffff',
  ink: '#25221d',
  soft: '#655f55',
  line: '#e6e0d6',
  field: '#8a8377',
};
export const DARK = {
  page: '#161412',
  card: '#211e1b',
  ink: '#f0ebe3',
  soft: '#b5ac9e',
  line: '#37322c',
  field: '#8d8578',
};

export interface Theme {
  /** A button's ground, and the words on it: the brand's colour as it is, with black or white (WCAG 2.2, 1.4.3). */
  brand: string;
  'on-brand': string;
  /** Links, ticks and the outline of what has the focus: seen on the card (WCAG 2.2, 1.4.3 and 1.4.11). */
  accent: string;
  'on-accent': string;
}

/** The colours of a look on a card of the light and the dark theme. */
export function themesOf({ colour }: Look): { light: Theme; dark: Theme } {
  const brand = colour ?? HOUSE_COLOUR;
  const theme = ({ card }: typeof LIGHT): Theme => {
    const accent = standingOut(brand, card, 4.5);
    return { brand, 'on-brand': textOn(brand), accent, 'on-accent': textOn(accent) };
  };
  return { light: theme(LIGHT), dark: theme(DARK) };
}
