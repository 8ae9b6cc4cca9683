import type { Measured } from './figure.ts';

const HEAD = ['figure', 'value', 'reference', 'ratio', 'aim', 'met'];

/** 12,345 for large values, 12.3 for small ones. */
const number = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 1000 ? 1 : 0 });

function cells({ figure, value, unit, reference, aim }: Measured): string[] {
  return [
    figure,
    `${number(value)} ${unit}`,
    reference === undefined ? '–' : `${reference.label} ${number(reference.value)}`,
    reference === undefined ? '–' : number(value / reference.value),
    aim?.text ?? '–',
    aim === undefined ? '–' : aim.met ? 'yes' : 'NO',
  ];
}

/** The lines of the table, as Markdown that also reads well on a terminal. */
export function table(measured: readonly Measured[]): string[] {
  const rows = [HEAD, ...measured.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.slice(1).map(line)];
}
