/** `#23543f` or `#2af`. */
export const HEX_COLOUR = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

type Rgb = readonly [red: number, green: number, blue: number];

function parse(colour: string): Rgb {
  const digits = colour.slice(1);
  const long = digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits;
  return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16)) as unknown as Rgb;
}

const write = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** Relative luminance of sRGB, 0 to 1 (WCAG 2.2, "relative luminance"). */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** How well two colours stand out from each other, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(parse(one)), luminance(parse(other))].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** The text colour that reads better on this one: black or white; one of them always reaches 4.58. */
export function textOn(colour: string): '#000000' | '#ffffff' {
  return contrast(colour, '#ffffff') >= contrast(colour, '#000000') ? '#ffffff' : '#000000';
}

/**
 * The colour, or the nearest one towards black or white that stands out from `ground` by `ratio`: how a brand's colour
 * is still seen as a line or a link, on a light ground and on a dark one.
 */
export function standingOut(colour: string, ground: string, ratio: number): string {
  const towards = parse(textOn(ground));
  const from = parse(colour);
  for (let step = 0; step <= 20; step += 1) {
    const mixed = write(from.map((part, at) => part + ((towards[at]! - part) * step) / 20) as unknown as Rgb);
    if (contrast(mixed, ground) >= ratio) return mixed;
  }
  return write(towards);
}
