import { EACH, isEntryReference, partsOf, type Condition } from '../audience/index.ts';
import type { Scenario } from '../scenarios/index.ts';

/** Properties with which the trigger's filter holds, as far as its words give them away: `{ form: newsletter }`. */
export function triggerProperties({ trigger }: Scenario): Record<string, unknown> {
  const properties: Record<string, unknown> = {};
  if (trigger.kind === 'event' && trigger.where !== undefined) collect(trigger.where, properties);
  return properties;
}

function collect(condition: Condition, properties: Record<string, unknown>): void {
  if ('all' in condition) for (const part of condition.all) collect(part, properties);
  else if ('any' in condition && condition.any.length > 0) collect(condition.any[0]!, properties);
  else if ('property' in condition) {
    const { equals, in: list, gte, lte, contains, startsWith, endsWith, exists } = condition;
    const listed = Array.isArray(list) ? list[0] : undefined;
    const named = [equals, listed, gte, lte, contains, startsWith, endsWith, exists === true ? true : undefined];
    const value = named.find((operand) => operand !== undefined && !isEntryReference(operand));
    if (value !== undefined) merge(properties, at(condition.property, value));
  }
}

/** The value alone, where a path leads to it: in a list of one where the path goes into each item. */
function at(path: string, value: unknown): Record<string, unknown> {
  return partsOf(path).reduceRight<unknown>(
    (inner, part) => (part === EACH ? [inner] : { [part]: inner }),
    value,
  ) as Record<string, unknown>;
}

/** What is there already stays. */
function merge(into: Record<string, unknown>, more: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(more)) {
    const [known, added] = [(into[key] ??= value), value].map((each) =>
      Array.isArray(each) ? (each[0] as unknown) : each,
    );
    if (known !== added && isMapping(known) && isMapping(added)) merge(known, added);
  }
}

const isMapping = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object';
