/** The longest text a `matches` looks at; a longer one never matches. */
export const PATTERN_INPUT = 256;
const LONGEST_PATTERN = 200;
/** Ways to try, at worst, on the longest text; this many take about a tenth of a second. */
const MOST_TRIES = 10_000_000;

/**
 * Why a regular expression is not accepted; undefined when it is.
 * JavaScript's expressions backtrack, so one careless pattern could hold up every contact. Refused are therefore
 * repeated groups that themselves repeat or choose, back references, and what could be tried in too many ways.
 */
export function patternFault(source: string): string | undefined {
  if (source.length > LONGEST_PATTERN) return `a pattern longer than ${LONGEST_PATTERN} characters`;
  try {
    new RegExp(source, 'u');
  } catch (error) {
    return `not a regular expression: ${(error as Error).message.replace(/^Invalid regular expression: /, '')}`;
  }
  return freedom(source);
}

interface Group {
  /** Holds a repeat or a choice. */
  free: boolean;
  alternatives: number;
}

function freedom(source: string): string | undefined {
  const open: Group[] = [{ free: false, alternatives: 1 }];
  let closed: Group | undefined;
  let unbounded = 0;
  let combinations = 1;
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at);
    const group = open.at(-1)!;
    const repeat = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(rest);
    if (repeat !== null) {
      const least = Number(repeat[1] ?? 0);
      const most = mostOf(repeat, least);
      if (closed?.free === true && most > 1) return 'a group that repeats or chooses is repeated itself';
      group.free = true;
      if (most === Number.POSITIVE_INFINITY) unbounded += 1;
      else combinations *= most - least + 1;
      closed = undefined;
      at += repeat[0].length;
      continue;
    }
    closed = undefined;
    const token = /^(?:\\k<[^>]*>|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?(?:<?[=!]|:|<[^>]*>))?|[\s\S])/.exec(
      rest,
    )![0];
    if (/^\\(?:k<|[1-9])/.test(token)) return 'a back reference';
    if (token.startsWith('(')) open.push({ free: false, alternatives: 1 });
    else if (token === ')') {
      closed = open.pop()!;
      combinations *= closed.alternatives;
      open.at(-1)!.free ||= closed.free;
    } else if (token === '|') {
      group.alternatives += 1;
      group.free = true;
    }
    at += token.length;
  }
  const anchored = source.startsWith('^') && open[0]!.alternatives === 1;
  if (tries(unbounded + (anchored ? 0 : 1)) * combinations > MOST_TRIES) {
    return `it can be tried in too many ways: use fewer repeats and optional parts${anchored ? '' : ', or begin it with ^'}`;
  }
  return undefined;
}

/** In how many ways a text can be cut at this many places. */
function tries(places: number): number {
  return places === 0 ? 1 : (tries(places - 1) * PATTERN_INPUT) / places;
}

function mostOf(repeat: RegExpExecArray, least: number): number {
  if (repeat[0].startsWith('?')) return 1;
  if (repeat[1] === undefined) return Number.POSITIVE_INFINITY;
  if (repeat[2] === '') return least;
  return repeat[3] === '' ? Number.POSITIVE_INFINITY : Number(repeat[3]);
}
