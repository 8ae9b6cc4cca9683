import type { Condition } from '../audience/index.ts';
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
    const value =
      equals ?? list?.[0] ?? gte ?? lte ?? contains ?? startsWith ?? endsWith ?? (exists === true ? true : undefined);
    if (value !== undefined) put(properties, condition.property.split('.'), value);
  }
}

function put(into: Record<string, unknown>, [first, ...rest]: string[], value: unknown): void {
  if (first === undefined) return;
  if (rest.length === 0) {
    into[first] ??= value;
    return;
  }
  const below = (into[first] ??= {});
  if (typeof below === 'object') put(below as Record<string, unknown>, rest, value);
}
