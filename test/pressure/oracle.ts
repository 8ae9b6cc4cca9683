// The rules of marketing pressure once more, as plainly and slowly as they can be said: every instant is tried, every
// message is looked at each time. Nothing of the program is used, so that both can only agree by being right.

export interface WrittenRule {
  rule: string;
  platform?: true;
  scope: Record<string, string[]>;
  window?: Record<string, unknown>;
  unit?: unknown;
  max?: number;
  reserve?: string;
  onBlocked: unknown;
}

export interface PlainMessage {
  at: number;
  channel: string;
  category: string;
  programme: string;
  sender: string;
  scenarioId: string;
  purpose: string;
  parts: number;
  priority: number;
  countsToward: boolean;
  subjectTo: boolean;
  clicked?: boolean;
}

export interface World {
  sends: PlainMessage[];
  planned: PlainMessage[];
  zone: string;
  inside: string[];
  signals: { kind: Points; at: number }[];
  fatigue: Fatigue | undefined;
}

type Points = 'complaint' | 'unsubscribe' | 'stop';

export interface Fatigue {
  halfLife: string;
  signals: Partial<Record<Points, number>> & { unclicked?: { after: number; adds: number } };
  levels: { from: number; times: number; rules?: string[] }[];
}

const MS: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000 };
/** `7d`, `16h`, `PT0.05S`: absolute time only. */
export function milliseconds(text: string): number {
  const seconds = /^PT([\d.]+)S$/.exec(text);
  if (seconds !== null) return Math.round(Number(seconds[1]) * 1000);
  return Number.parseInt(text, 10) * MS[text.at(-1)!]!;
}

/** Every instant at which a new day begins in a zone, found by asking for the date each quarter of an hour. */
const midnights = new Map<string, { at: number; day: string }[]>();
export function daysOf(zone: string): { at: number; day: string }[] {
  let days = midnights.get(zone);
  if (days === undefined) {
    const local = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    days = [];
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2028, 0, 5); at += 900_000) {
      const day = local.format(at);
      if (day !== days.at(-1)?.day) days.push({ at, day });
    }
    midnights.set(zone, days);
  }
  return days;
}

function periodOf(window: Record<string, unknown>, at: number, zone: string): string {
  const day = daysOf(zone).findLast((each) => each.at <= at)!.day;
  switch (window['calendar']) {
    case 'day':
      return day;
    case 'month':
      return day.slice(0, 7);
    case 'quarter':
      return `${day.slice(0, 4)} ${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
    case 'year':
      return day.slice(0, 4);
    default: {
      const number = Date.parse(day) / MS['d']! + (window['weekStart'] === 'sunday' ? 4 : 3);
      return String(Math.floor(number / 7));
    }
  }
}

const KEYS: Record<string, keyof PlainMessage> = {
  channels: 'channel',
  categories: 'category',
  programmes: 'programme',
  scenarios: 'scenarioId',
  senders: 'sender',
  purposes: 'purpose',
};
const inScope = (rule: { scope: Record<string, string[]> }, message: PlainMessage): boolean =>
  Object.entries(rule.scope).every(([key, names]) => names.includes(String(message[KEYS[key]!])));

type Score = { weights: Record<string, number>; halfLife: string };
const scoreOf = (rule: WrittenRule): Score | undefined =>
  typeof rule.unit === 'object' ? (rule.unit as { score: Score }).score : undefined;

/** What a message adds to a rule, when it is sent. */
export function weight(rule: WrittenRule, { channel, parts }: PlainMessage): number {
  const score = scoreOf(rule);
  if (score !== undefined) return score.weights[channel] ?? 0;
  if (rule.unit === 'sms-parts') return channel === 'sms' ? parts : 0;
  return 1;
}

/** What a rule counts at an instant, of messages that were all sent by then. */
export function used(rule: WrittenRule, sends: readonly PlainMessage[], at: number, zone: string): number {
  let sum = 0;
  for (const send of sends) {
    if (send.at > at || !inScope(rule, send) || (!send.countsToward && !rule.platform)) continue;
    const { window } = rule;
    const span = window?.['rolling'] ?? window?.['gap'];
    if (span !== undefined && send.at <= at - milliseconds(span as string)) continue;
    if (window?.['calendar'] !== undefined && periodOf(window, send.at, zone) !== periodOf(window, at, zone)) continue;
    const score = scoreOf(rule);
    if (score === undefined) sum += weight(rule, send);
    else {
      const halves = (at - send.at) / milliseconds(score.halfLife);
      if (halves < 20) sum += weight(rule, send) * Math.pow(0.5, halves);
    }
  }
  return sum;
}

/** How tired a person is at an instant, of what they have said and of mails in a row that they did not click in. */
function tiredness({ signals, sends, fatigue }: World, at: number): number {
  const faded = (points: number, since: number): number => {
    const halves = (at - since) / milliseconds(fatigue!.halfLife);
    return halves < 0 || halves >= 20 ? 0 : points * Math.pow(0.5, halves);
  };
  let sum = 0;
  // What is said in one instant is one word, and counts by what weighs most in it.
  for (const when of new Set(signals.map((signal) => signal.at))) {
    const word = signals.filter((signal) => signal.at === when).map(({ kind }) => fatigue!.signals[kind] ?? 0);
    sum += faded(Math.max(...word), when);
  }
  let inARow: number[] = [];
  for (const send of sends) {
    if (send.channel !== 'email' || send.at > at) continue;
    inARow = send.clicked ? [] : [...inARow, send.at];
  }
  const { unclicked } = fatigue!.signals;
  inARow.forEach((when, index) => {
    if (unclicked !== undefined && index + 1 >= unclicked.after) sum += faded(unclicked.adds, when);
  });
  return sum;
}

/** The most that a rule allows at an instant, less for the tired. */
export function maximum(rule: WrittenRule, world: World, at: number): number {
  let least = 1;
  const tired = world.fatigue === undefined ? 0 : tiredness(world, at);
  for (const { from, times, rules } of world.fatigue?.levels ?? [])
    if (tired >= from - 5e-10 && (rules === undefined || rules.includes(rule.rule))) least = Math.min(least, times);
  const max = (rule.max ?? 1) * least;
  return scoreOf(rule) === undefined ? Math.floor(max) : max;
}

function hasRoom(
  rule: WrittenRule,
  sends: readonly PlainMessage[],
  one: PlainMessage,
  at: number,
  world: World,
): boolean {
  return used(rule, sends, at, world.zone) + weight(rule, one) <= maximum(rule, world, at) + 5e-10;
}

/** The planned messages of higher priority that will be sent when they fall due, by this rule. */
function coming(rule: WrittenRule, one: PlainMessage, now: number, world: World): PlainMessage[] {
  const { sends, planned } = world;
  const known = [...sends];
  const ahead = planned
    .filter((each) => each.at > now && each.priority > one.priority && inScope(rule, each))
    .filter((each) => (each.countsToward || rule.platform === true) && weight(rule, each) > 0)
    .sort((a, b) => a.at - b.at || b.priority - a.priority);
  return ahead.filter((each) => {
    const fits = hasRoom(rule, known, each, each.at, world);
    if (fits) known.push(each);
    return fits;
  });
}

/** Whether one rule lets a message pass at an instant, seen from `now`. */
function passes(
  rule: WrittenRule,
  one: PlainMessage,
  at: number,
  world: World,
  then: readonly PlainMessage[],
): boolean {
  const known = [...world.sends, ...then.filter((each) => each.at <= at)];
  if (!hasRoom(rule, known, one, at, world)) return false;
  if (rule.reserve === undefined) return true;
  return then
    .filter((each) => each.at > at && each.at <= at + milliseconds(rule.reserve!))
    .every((each) => {
      const before = then.slice(0, then.indexOf(each));
      return hasRoom(rule, [...world.sends, ...before, { ...one, at }], each, each.at, world);
    });
}

/** How many instants after the one asked are tried one by one. */
const NEAR = 260;

/** The first instant from `now` on at which one rule lets a message pass; Infinity when there is none. */
export function earliest(rule: WrittenRule, one: PlainMessage, now: number, world: World): number {
  const then = rule.reserve === undefined ? [] : coming(rule, one, now, world);
  for (let at = now; at <= now + NEAR; at += 1) if (passes(rule, one, at, world, then)) return at;
  const span = (rule.window?.['rolling'] ?? rule.window?.['gap']) as string | undefined;
  const points = [
    ...(span === undefined ? [] : [...world.sends, ...then].map((each) => each.at + milliseconds(span))),
    ...(rule.window?.['calendar'] === undefined ? [] : daysOf(world.zone).map((each) => each.at)),
  ];
  const later = points.filter((at) => at > now + NEAR).sort((a, b) => a - b);
  return later.find((at) => passes(rule, one, at, world, then)) ?? Infinity;
}

/** Whether a rule is about a message at all. */
export function concerns(rule: WrittenRule, one: PlainMessage): boolean {
  return (one.subjectTo || rule.platform === true) && inScope(rule, one) && weight(rule, one) > 0;
}

export interface Exclusive {
  rule: string;
  while: { programme: string };
  scope: Record<string, string[]>;
  onBlocked: unknown;
}

export type PlainVerdict =
  { kind: 'send' } | { kind: 'block'; rule: string } | { kind: 'hold'; rule: string; until: number };

/** What becomes of a message that was planned at `plannedAt` and is judged at `now`, by pressure alone. */
export function verdict(
  rules: readonly WrittenRule[],
  exclusive: readonly Exclusive[],
  one: PlainMessage,
  plannedAt: number,
  now: number,
  world: World,
): PlainVerdict {
  const limit = (onBlocked: unknown): number =>
    typeof onBlocked === 'object' && 'hold' in onBlocked!
      ? plannedAt + milliseconds((onBlocked as { hold: string }).hold)
      : -Infinity;
  const answers = (at: number): { rule: string; onBlocked: unknown; earliest: number; waits: boolean }[] => [
    ...rules
      .filter((rule) => concerns(rule, one))
      .map((rule) => {
        const first = earliest(rule, one, at, world);
        return { rule: rule.rule, onBlocked: rule.onBlocked, earliest: first, waits: first <= limit(rule.onBlocked) };
      }),
    ...exclusive
      .filter(({ while: { programme }, scope }) => {
        const away = world.inside.includes(programme) && one.programme !== programme;
        return one.subjectTo && away && inScope({ scope }, one);
      })
      .map(({ rule, onBlocked }) => ({ rule, onBlocked, earliest: Infinity, waits: at < limit(onBlocked) })),
  ];
  const refusing = answers(now).filter((each) => each.earliest > now);
  if (refusing.length === 0) return { kind: 'send' };
  const blocking =
    refusing.find(({ onBlocked }) => onBlocked === 'drop' || onBlocked === 'exit') ??
    refusing.find(({ onBlocked }) => typeof onBlocked === 'object' && 'switch' in onBlocked!) ??
    refusing.find(({ waits }) => !waits);
  if (blocking !== undefined) return { kind: 'block', rule: blocking.rule };
  const last = Math.max(...refusing.map((each) => each.earliest));
  const deciding = refusing.find((each) => each.earliest === last)!;
  // Every instant at which some rule says yes, until all do that will say yes in time.
  for (let at = now; ;) {
    const waiting = answers(at).filter((each) => each.earliest > at && each.waits);
    if (waiting.length === 0) return { kind: 'hold', rule: deciding.rule, until: at };
    at = Math.min(...waiting.map((each) => (each.earliest === Infinity ? limit(each.onBlocked) : each.earliest)));
  }
}
