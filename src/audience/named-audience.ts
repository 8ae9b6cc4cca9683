import type { Condition } from './condition.ts';
import { compileCondition } from './evaluate.ts';
import type { NamedAudiences, WatchedCondition } from './facts.ts';
import { audienceNames, historyNames, usesMessages } from './inspect.ts';
import { compileNextChange } from './next-change.ts';

/** Compiles a condition that is to be looked at again. */
export function watchedCondition(condition: Condition): WatchedCondition {
  return { holds: compileCondition(condition), nextChange: compileNextChange(condition) };
}

/** Compiles audiences in which `audienceFaults` finds nothing. */
export function compileAudiences(written: Readonly<Record<string, Condition>>): NamedAudiences {
  const all = new Map(Object.entries(written));
  return new Map(
    [...all].map(([name, condition]) => {
      const parts = [name, ...namedWithin(condition, all)].flatMap((each) => all.get(each) ?? []);
      const names = parts.flatMap((part) => [...historyNames(part)]);
      const asks = { historyNames: new Set(names), usesMessages: parts.some(usesMessages) };
      return [name, { condition, ...watchedCondition(condition), ...asks }];
    }),
  );
}

/** The names a condition refers to, and those that these refer to, however far. */
export function namedWithin(condition: Condition, all: ReadonlyMap<string, Condition>): Set<string> {
  const names = new Set(audienceNames(condition));
  // A set is walked to its end, also over what is added on the way.
  for (const name of names) {
    const inner = all.get(name);
    if (inner !== undefined) for (const further of audienceNames(inner)) names.add(further);
  }
  return names;
}

/** Names each audience that refers to itself, by itself or through others, with the way it takes: `a → b → a`. */
export function circles(written: Readonly<Record<string, Condition>>): { name: string; way: string }[] {
  const all = new Map(Object.entries(written));
  const wayTo = (goal: string, from: string, been: readonly string[]): string[] | undefined => {
    const next = [...audienceNames(all.get(from)!)].filter((name) => all.has(name) && !been.includes(name));
    if (audienceNames(all.get(from)!).has(goal)) return [from, goal];
    for (const name of next) {
      const way = wayTo(goal, name, [...been, name]);
      if (way !== undefined) return [from, ...way];
    }
    return undefined;
  };
  return [...all.keys()].flatMap((name) => {
    const way = wayTo(name, name, [name]);
    return way === undefined ? [] : [{ name, way: way.join(' → ') }];
  });
}
