import { OPEN_TRACKING } from '../consent/index.ts';
import { parseDuration, subtractDuration } from '../calendar/index.ts';
import { isStorable } from '../shared/storable.ts';
import { compileComparison } from './compare.ts';
import { isNegation, type Condition, type ConsentLeaf, type EventLeaf, type MessageLeaf } from './condition.ts';
import { isListPath } from './path.ts';
import { ALWAYS, every, exact, isExact, NEVER, not, some, unless, type Answer } from './sql-answer.ts';
import { comparisonSql, listComparisonSql, numberSql } from './sql-comparison.ts';
import { momentSql } from './sql-moment.ts';
import { isAfter, isNotAfter, Sheet, type Asked } from './sql-sheet.ts';
import { attributeSql, pathSql } from './sql-value.ts';

export type { Asked, Place } from './sql-sheet.ts';

/** A condition as SQL over rows `c` of `contact`. */
export interface SqlCondition {
  /** What stands after FROM. */
  from: string;
  /** True of everybody who meets the condition, and perhaps of others. Never null. */
  may: string;
  /** True of nobody who does not meet it. Never null. */
  must: string;
  /** Whether the two are one, so that nobody needs to be asked in memory. */
  exact: boolean;
  /** Of `$1` and so on. */
  values: readonly unknown[];
}

/**
 * Compiles a condition to SQL that answers as `evaluate` does on the facts the database has (decision 0012). All that
 * anybody wrote is bound; every subquery names the contact's lane.
 */
export function compileToSql(condition: Condition, asked: Asked): SqlCondition {
  const sheet = new Sheet(asked);
  const answer = compile(condition, sheet, null);
  const { texts, values } = sheet.finish([sheet.from(), answer.may, answer.must]);
  const [from, may, must] = texts as [string, string, string];
  return { from, may, must, exact: isExact(answer), values };
}

/** `event` is the alias of the event at hand, whose properties `property` reads; null where there is none. */
function compile(condition: Condition, sheet: Sheet, event: string | null): Answer {
  const inner = (part: Condition): Answer => compile(part, sheet, event);
  if ('all' in condition) return every(condition.all.map(inner));
  if ('any' in condition) return some(condition.any.map(inner));
  if (isNegation(condition)) return not(inner(condition.not));
  if ('attribute' in condition) {
    if (isListPath(condition.attribute))
      return listComparisonSql('c.attributes', condition.attribute, condition, sheet);
    return comparisonSql(attributeSql(condition.attribute, sheet), condition, sheet);
  }
  if ('property' in condition) {
    if (isListPath(condition.property))
      return listComparisonSql(
        event === null ? 'NULL::jsonb' : `${event}.properties`,
        condition.property,
        condition,
        sheet,
      );
    const json = event === null ? 'NULL::jsonb' : pathSql(`${event}.properties`, condition.property, sheet);
    return comparisonSql({ json }, condition, sheet);
  }
  if ('event' in condition) return compileEvent(condition, sheet);
  if ('consent' in condition) return compileConsent(condition, sheet);
  if ('daysSince' in condition) {
    const { daysSince, ...comparison } = condition;
    const { json, odd } = attributeSql(daysSince, sheet);
    const moment = momentSql(json, sheet);
    const answer = numberSql(comparison, moment.isThere, (least) => moment.isDaysAgo(least));
    return odd === undefined ? answer : unless(odd, answer);
  }
  if ('message' in condition) return compileMessage(condition, sheet);
  const named = sheet.asked.audiences.get(condition.audience);
  return named === undefined ? NEVER : inner(named.condition);
}

function compileEvent({ event, where, count, within }: EventLeaf, sheet: Sheet): Answer {
  if (!isStorable(event)) return count !== undefined && compileComparison(count)(0, 'UTC') ? ALWAYS : NEVER;
  const e = sheet.alias();
  const rows = `event ${e} WHERE ${e}.lane = c.lane AND ${e}.contact_id = c.id AND ${e}.name = ${sheet.bind(event, 'text')}
    AND ${e}.month <= ${sheet.latestMonth()} AND ${happened(`${e}.at`, within, sheet)}`;
  const matches = where === undefined ? ALWAYS : compile(where, sheet, e);
  const exists = (sql: string): string => (sql === 'FALSE' ? sql : `EXISTS (SELECT FROM ${rows} AND ${sql})`);
  if (count === undefined) return { may: exists(matches.may), must: exists(matches.must) };
  // Counted in a table of its own: an aggregate over nothing but the contact would be one of the outer query.
  const counted = (sql: string, least: string): string =>
    sql === 'FALSE' ? sql : `(SELECT count(*) >= ${least} FROM (SELECT FROM ${rows} AND ${sql}) ${sheet.alias()})`;
  return numberSql(count, ALWAYS, (times) => {
    if (times <= 0) return ALWAYS;
    const least = sheet.bind(String(times), 'numeric');
    const may = counted(matches.may, least);
    return isExact(matches) ? exact(may) : { may, must: counted(matches.must, least) };
  });
}

/** One row a brand; any of them will do. */
function compileConsent({ consent: { channel, purpose }, is }: ConsentLeaf, sheet: Sheet): Answer {
  if (!isStorable(channel) || !isStorable(purpose)) return is === 'unknown' ? ALWAYS : NEVER;
  const s = sheet.alias();
  const rows = `SELECT FROM consent_state ${s} WHERE ${s}.lane = c.lane AND ${s}.contact_id = c.id
    AND ${s}.channel = ${sheet.bind(channel, 'text')} AND ${s}.purpose = ${sheet.bind(purpose, 'text')}`;
  if (is !== 'unknown') return exact(`EXISTS (${rows} AND ${s}.state = ${sheet.bind(is, 'text')})`);
  return exact(`(EXISTS (${rows} AND ${s}.state = 'expired') OR NOT EXISTS (${rows}))`);
}

const REACHED_AT: Record<MessageLeaf['is'], string> = {
  sent: 'settled_at',
  delivered: 'delivered_at',
  bounced: 'bounced_at',
  opened: 'opened_at',
  clicked: 'clicked_at',
};

function compileMessage({ message, is, within }: MessageLeaf, sheet: Sheet): Answer {
  const { template, scenario, channel } = message;
  if ([template, scenario, channel].some((name) => name !== undefined && !isStorable(name))) return NEVER;
  const m = sheet.alias();
  const named = Object.entries({ template, scenario_id: scenario, channel }).flatMap(([column, name]) =>
    name === undefined ? [] : [`${m}.${column} = ${sheet.bind(name, 'text')}`],
  );
  const conditions = [
    `${m}.lane = c.lane AND ${m}.contact_id = c.id AND ${m}.status IN ('sent', 'unknown')`,
    `${m}.month <= ${sheet.latestMonth()}`,
    ...named,
    happened(`${m}.${REACHED_AT[is]}`, within, sheet),
    ...(is === 'opened' ? [mayKnowOpens(m, sheet)] : []),
  ];
  return exact(`EXISTS (SELECT FROM message ${m} WHERE ${conditions.join(' AND ')})`);
}

/** As `openTrackingAllowed` (rule C7). */
function mayKnowOpens(message: string, sheet: Sheet): string {
  const s = sheet.alias();
  return `EXISTS (SELECT FROM consent_state ${s} WHERE ${s}.lane = c.lane AND ${s}.contact_id = c.id
    AND ${s}.channel = ${message}.channel AND ${s}.purpose = ${sheet.bind(OPEN_TRACKING, 'text')} AND ${s}.state = 'granted'
    AND ${s}.brand = ${brandSql(`${message}.sender`, sheet)})`;
}

/** The brand of a sender, as the ledger's states have it: empty where it speaks for none. */
function brandSql(sender: string, sheet: Sheet): string {
  const brands = [...sheet.asked.brandOf].map(
    ([name, brand]) => `WHEN ${sheet.bind(name, 'text')} THEN ${sheet.bind(brand, 'text')}`,
  );
  return brands.length === 0 ? `''` : `CASE ${sender} ${brands.join(' ')} ELSE '' END`;
}

/** Not after now, and where a length is given, after the instant that lies so far back on the contact's calendar. */
function happened(column: string, within: string | undefined, sheet: Sheet): string {
  const { now } = sheet.asked;
  const until = isNotAfter(column, sheet.bind(now, 'float8'));
  if (within === undefined) return until;
  const length = parseDuration(within);
  if (length === null) throw new RangeError(`not a duration: ${within}`);
  const since = sheet.perZone(`before ${within}`, 'float8', (zone) => subtractDuration(now, length, zone));
  return `${until} AND ${isAfter(column, since)}`;
}
