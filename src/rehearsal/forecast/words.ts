import type { Estimate } from './estimate.ts';
import type { Forecast, Reach, Why } from './forecast.ts';

/** `12,345`; whole, because a forecast is no more exact than that. */
export function showNumber(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** `12,300 ± 410`; without a margin when it was counted, and with `!` when that may be too narrow. */
export function showEstimate({ value, margin, few }: Estimate): string {
  if (margin === 0) return showNumber(value);
  return `${showNumber(value)} ± ${Number.isFinite(margin) ? showNumber(margin) : 'unknown'}${few ? ' !' : ''}`;
}

/** With its sign: `+120 ± 35`, `−4`, `0 ± 3`. `show` says how its amounts are written. */
export function showDifference(difference: Estimate, show: (value: Estimate) => string = showEstimate): string {
  const text = show({ ...difference, value: Math.abs(difference.value) });
  const isNothing = /^0(?:[.,]0+)?(?![\d.,])/.test(text);
  return isNothing ? text : `${difference.value > 0 ? '+' : '−'}${text}`;
}

export function showMoney({ amount, currency }: { amount: Estimate; currency: string }): string {
  const money = (value: number): string =>
    value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const margin = amount.margin === 0 ? '' : ` ± ${money(amount.margin)}`;
  return `${money(amount.value)}${margin}${currency === '' ? '' : ` ${currency}`}`;
}

/** `Mon 2 Mar`, from `2026-03-02`. */
export function showDay(day: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  });
  return format
    .format(Date.parse(`${day}T00:00:00Z`))
    .replaceAll(',', '')
    .replace('Sept', 'Sep');
}

/** `pressure, weekly-ceiling`. */
export function showWhy({ gate, rule, reason }: Why): string {
  return [gate, rule ?? reason].filter((part) => part !== null).join(', ') || 'nothing it waited for';
}

/** What backends are taken to send. */
export function showInput({ kind, weeks, events }: Forecast['input'], seed: string): string {
  if (kind === 'rates') return `${showNumber(events)} events, drawn from the rates (seed ${seed})`;
  if (kind === 'none') return 'no events: time alone';
  const span = weeks === 1 ? 'the last week' : `the last ${weeks} weeks`;
  return events === 0
    ? `no events: backends sent nothing in ${span} that a scenario listens to`
    : `${showNumber(events)} events: those of ${span} again, moved by whole weeks`;
}

const KINDS: Record<string, string> = {
  'not-entered': 'no scenario let them in',
  'no-message': 'inside a scenario, but no message came up',
  waiting: 'their messages are still held',
  expired: 'their messages expired',
  cancelled: 'their messages were cancelled',
  holdout: 'held out to be measured',
};

/** Why contacts get nothing. */
export function showReach({ kind, ...why }: Omit<Reach['why'][number], 'contacts'>): string {
  return kind === 'blocked' ? `blocked by ${showWhy(why)}` : (KINDS[kind] ?? kind);
}
