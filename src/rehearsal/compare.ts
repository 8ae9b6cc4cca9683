import { attributeOf } from '../audience/index.ts';
import type { Enrollment, WebhookCall } from '../engine/index.ts';
import type { Message } from '../gate/index.ts';
import { formatInstant } from '../shared/clock.ts';
import { canonicalJson } from '../shared/hash.ts';
import { align } from './align.ts';
import type { TestOutcome } from './run-test.ts';
import type { ExpectedCall, ExpectedEnrollment, ExpectedMessage, ScenarioTest } from './test-file.schema.ts';

/** One thing that was not as expected. `path` is below `expect`. */
export interface Mismatch {
  path: (string | number)[];
  expected: string;
  actual: string;
}

/** Holds what happened against what was expected; nothing when all is as it should be. */
export function compare(expected: ScenarioTest['expect'], outcome: TestOutcome): Mismatch[] {
  return [
    ...(expected.messages === undefined ? [] : compareMessages(expected.messages, outcome)),
    ...(expected.enrollments === undefined ? [] : compareEnrollments(expected.enrollments, outcome)),
    ...(expected.webhooks === undefined ? [] : compareCalls(expected.webhooks, outcome)),
    ...(expected.attributes === undefined ? [] : compareAttributes(expected.attributes, outcome)),
  ];
}

function compareMessages(expected: readonly ExpectedMessage[], outcome: TestOutcome): Mismatch[] {
  return compareRows(messageRows(expected, outcome), expected.length, 'messages', 'message');
}

function compareCalls(expected: readonly ExpectedCall[], outcome: TestOutcome): Mismatch[] {
  return compareRows(callRows(expected, outcome), expected.length, 'webhooks', 'call');
}

function compareRows(rows: readonly Row[], count: number, list: string, what: string): Mismatch[] {
  let next = 0;
  return rows.flatMap((row): Mismatch[] => {
    if (row.expected === null) {
      const none = next < count ? `no ${what} here` : `no more ${list}`;
      return [{ path: [list, next], expected: none, actual: describe(row.actual!) }];
    }
    const path = [list, next++];
    if (row.actual === null) return [{ path, expected: describe(row.expected), actual: `no such ${what}` }];
    return differences(row.expected, row.actual, path);
  });
}

/** An expected message or call beside the one that came in its stead; null where there is none. */
export interface Row {
  expected: object | null;
  actual: Record<string, unknown> | null;
  same: boolean;
}

/** All messages, expected and actual, side by side. They are as expected when every row is the same. */
export function messageRows(expected: readonly ExpectedMessage[], outcome: TestOutcome): Row[] {
  return rowsOf(
    expected,
    outcome.messages.map((message) => messageValues(message, outcome)),
  );
}

/** All calls of `webhook` steps, likewise. */
export function callRows(expected: readonly ExpectedCall[], outcome: TestOutcome): Row[] {
  return rowsOf(
    expected,
    outcome.calls.map((call) => callValues(call, outcome)),
  );
}

function rowsOf(expected: readonly object[], actual: readonly Record<string, unknown>[]): Row[] {
  const differ = (wanted: number, found: number): number => {
    const keys = Object.values(expected[wanted]!).filter((value) => value !== undefined).length;
    return differences(expected[wanted]!, actual[found]!, []).length / Math.max(keys, 1);
  };
  return align(expected.length, actual.length, differ).map((pair) => {
    const [wanted, found] = [pair.expected, pair.actual];
    return {
      expected: wanted === null ? null : expected[wanted]!,
      actual: found === null ? null : actual[found]!,
      same: wanted !== null && found !== null && differ(wanted, found) === 0,
    };
  });
}

/** All enrollments of the scenarios that are named, in any order; an empty list asserts that there are none. */
function compareEnrollments(expected: readonly ExpectedEnrollment[], outcome: TestOutcome): Mismatch[] {
  const named = new Set(expected.map(({ scenario }) => scenario));
  const all = expected.length === 0 || named.has(undefined);
  const left = outcome.enrollments.filter(({ scenarioId }) => all || named.has(scenarioId));
  const mismatches: Mismatch[] = [];
  for (const [index, wanted] of expected.entries()) {
    const path = ['enrollments', index];
    const found = left.findIndex(
      (one) => differences(wanted, enrollmentValues(one, wanted, outcome), path).length === 0,
    );
    if (found >= 0) {
      left.splice(found, 1);
      continue;
    }
    // None fits: the nearest is the next of that scenario and contact, and says best what is different.
    const near = left.findIndex((one) => (wanted.scenario ?? one.scenarioId) === one.scenarioId);
    if (near < 0) mismatches.push({ path, expected: describe(wanted), actual: 'no such enrollment' });
    else mismatches.push(...differences(wanted, enrollmentValues(left.splice(near, 1)[0]!, wanted, outcome), path));
  }
  const path = ['enrollments', expected.length];
  for (const one of left) {
    mismatches.push({ path, expected: 'no more enrollments', actual: describe(enrollmentValues(one, {}, outcome)) });
  }
  return mismatches;
}

function enrollmentValues(
  found: Enrollment,
  wanted: ExpectedEnrollment,
  outcome: TestOutcome,
): Record<string, unknown> {
  return {
    contact: outcome.nameOf.get(found.contactId),
    scenario: found.scenarioId,
    // Whoever is inside is active; `waiting` says more.
    status: wanted.status === 'active' && found.status === 'waiting' ? 'active' : found.status,
    key: found.key,
    step: found.state.value,
    reason: found.reason ?? undefined,
  };
}

type Attributes = Record<string, unknown>;

function compareAttributes(expected: Attributes | readonly Attributes[], outcome: TestOutcome): Mismatch[] {
  return attributesByContact(expected, outcome).flatMap(({ name, attributes, path }) => {
    const contact = outcome.contacts.get(name);
    return Object.entries(attributes).flatMap(([attribute, value]) => {
      const actual = contact === undefined ? undefined : attributeOf(contact, attribute);
      if (canonicalJson(actual ?? null) === canonicalJson(value ?? null)) return [];
      const shown = actual === undefined ? 'not set' : JSON.stringify(actual);
      return [{ path: [...path, attribute], expected: JSON.stringify(value), actual: shown }];
    });
  });
}

/** Whose attributes are meant: those named with `contact`, else by key, else the one contact's. */
function attributesByContact(
  expected: Attributes | readonly Attributes[],
  { nameOf }: TestOutcome,
): { name: string; attributes: Attributes; path: (string | number)[] }[] {
  const names = [...nameOf.values()];
  if (isList(expected)) {
    return expected.map(({ contact = names[0], ...attributes }, index) => {
      return { name: String(contact), attributes, path: ['attributes', index] };
    });
  }
  const { contact, ...rest } = expected;
  if (typeof contact === 'string' && names.includes(contact))
    return [{ name: contact, attributes: rest, path: ['attributes'] }];
  const keyed = Object.entries(expected).every(([key, value]) => names.includes(key) && isObject(value));
  if (!keyed) return [{ name: names[0]!, attributes: expected, path: ['attributes'] }];
  return names.flatMap((name) =>
    expected[name] === undefined
      ? []
      : [{ name, attributes: expected[name] as Attributes, path: ['attributes', name] }],
  );
}

function isList(expected: Attributes | readonly Attributes[]): expected is readonly Attributes[] {
  return Array.isArray(expected);
}

function isObject(value: unknown): value is Attributes {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function messageValues(message: Message, outcome: TestOutcome): Record<string, unknown> {
  return {
    contact: outcome.nameOf.get(message.contactId),
    at: message.settledAt ?? undefined,
    heldUntil: message.heldUntil ?? undefined,
    channel: message.channel,
    template: message.template,
    scenario: message.scenarioId,
    step: message.step,
    category: message.category,
    outcome: message.status,
    gate: message.gate ?? undefined,
    reason: message.reason ?? undefined,
    rule: message.rule ?? undefined,
  };
}

function callValues(call: WebhookCall, outcome: TestOutcome): Record<string, unknown> {
  return {
    contact: outcome.nameOf.get(call.contactId),
    at: call.settledAt ?? undefined,
    scenario: call.scenarioId,
    step: call.step,
    method: call.method,
    url: call.url,
    body: call.body === null ? undefined : (JSON.parse(call.body) as unknown),
    outcome: call.status,
    reason: call.error ?? undefined,
  };
}

function differences(wanted: object, values: Record<string, unknown>, path: (string | number)[]): Mismatch[] {
  return Object.entries(wanted).flatMap(([key, value]) =>
    value === undefined || canonicalJson(values[key] ?? null) === canonicalJson(value)
      ? []
      : [
          {
            path: [...path, key],
            expected: show(key, value),
            actual: values[key] === undefined ? 'none' : show(key, values[key]),
          },
        ],
  );
}

/** `at 2026-…, channel email, template hello`: the keys that have a value. */
export function describe(values: object): string {
  const parts = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return parts.map(([key, value]) => `${key} ${show(key, value)}`).join(', ');
}

function show(key: string, value: unknown): string {
  if (typeof value === 'number' && (key === 'at' || key === 'heldUntil')) return formatInstant(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
