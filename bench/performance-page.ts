import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';

const PAGE = path.resolve(import.meta.dirname, '..', 'docs', 'performance.md');
const BEGIN = '<!-- bench: begin -->';
const END = '<!-- bench: end -->';

/** Keeps the table of a whole run on the page, in the place of the last one. */
export function keepResult(table: readonly string[]): void {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for the result: ${BEGIN} … ${END}`);
  const result = [BEGIN, '', machine(), '', ...table, '', ''].join('\n');
  writeFileSync(PAGE, page.slice(0, from) + result + page.slice(to));
}

function machine(): string {
  const list = cpus();
  return `${list.length} cores (${list[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}, ${process.platform}.`;
}
