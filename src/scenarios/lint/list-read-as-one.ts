import { isNegation, listFault, listWithin, type Condition } from '../../audience/index.ts';
import type { Fault } from '../../shared/errors.ts';
import type { ParsedScenario } from '../parse.ts';
import { outerConditions } from './mentions.ts';
import { faultAt } from './rule.ts';

/** An event as somebody wrote it. */
export interface SampleEvent {
  name: string;
  properties: Readonly<Record<string, unknown>>;
}

/**
 * Where a condition reads a list of these events as if it were one thing: `products.category` of an event whose
 * `products` is a list. A condition says nothing of what events look like, so that events are needed to tell.
 */
export function listsReadAsOne(parsed: ParsedScenario, events: readonly SampleEvent[]): Fault[] {
  const { trigger } = parsed.scenario;
  const entry = trigger.kind === 'event' ? trigger.event : undefined;
  const found = new Map<string, Fault>();
  for (const { condition, path } of outerConditions(parsed.scenario)) {
    for (const { property, event } of reads(condition, eventAt(parsed, path) ?? entry)) {
      const samples = events.filter(({ name }) => name === event);
      const list = samples.map(({ properties }) => listWithin(properties, property)).find((each) => each !== undefined);
      if (list === undefined) continue;
      const fault = faultAt(parsed, path, {
        code: 'list-read-as-one',
        message: `${property} of ${event}: ${listFault(list, property)}`,
      });
      found.set(`${fault.path} ${fault.message}`, fault);
    }
  }
  return [...found.values()];
}

/** The event whose listener a condition stands in. */
function eventAt({ scenario }: ParsedScenario, path: readonly (string | number)[]): string | undefined {
  const [place, key] = path;
  if (place === 'goal') return scenario.goal?.event;
  if (place === 'exit') return scenario.exit[key as number]?.event;
  const step = place === 'steps' ? scenario.steps[key as string] : undefined;
  return step?.kind === 'waitFor' ? step.event : undefined;
}

/** Properties that a condition reads, with the event that they are of. */
function reads(condition: Condition, atHand: string | undefined): { property: string; event: string }[] {
  if ('event' in condition) return condition.where === undefined ? [] : reads(condition.where, condition.event);
  if ('all' in condition) return condition.all.flatMap((part) => reads(part, atHand));
  if ('any' in condition) return condition.any.flatMap((part) => reads(part, atHand));
  if (isNegation(condition)) return reads(condition.not, atHand);
  return 'property' in condition && atHand !== undefined ? [{ property: condition.property, event: atHand }] : [];
}
