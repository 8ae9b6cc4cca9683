import { asked } from '../../engine/index.ts';
import type { CustomerEvent } from '../../events/index.ts';
import type { CompiledScenario, Library } from '../../scenarios/index.ts';

/** Which events a library has an ear for: only those are read and played. */
export interface Listening {
  /** All of them. */
  names: Set<string>;
  /** Those that conditions count: all of a contact's past is read. */
  counted: Set<string>;
  /** Signs of life and nothing else: they move no machine, and only the latest of the past is needed. */
  quiet: Set<string>;
  /** Those that `emit` steps make. */
  made: Set<string>;
  /** Conditions ask for past messages. */
  messages: boolean;
  /** Somebody who comes may come into an audience at once. */
  audiences: boolean;
}

/** Of several libraries together, each with the older versions that somebody may still be inside. */
export function listeningOf(libraries: readonly { library: Library; older: readonly CompiledScenario[] }[]): Listening {
  const counted = new Set<string>();
  const moving = new Set<string>();
  const signs = new Set<string>();
  const made = new Set<string>();
  let messages = false;
  let audiences = false;
  for (const { library, older } of libraries)
    for (const scenario of new Set([...library.live, ...older])) {
      const { trigger } = scenario.definition;
      const wanted = asked(scenario, library);
      for (const name of wanted.names) counted.add(name);
      for (const name of scenario.emits) made.add(name);
      for (const name of scenario.listensTo) moving.add(name);
      if (trigger.kind === 'event') moving.add(trigger.event);
      if (trigger.kind === 'inactivity') for (const name of trigger.activity) signs.add(name);
      messages ||= wanted.messages;
      audiences ||= scenario.watched !== null;
    }
  const quiet = new Set([...signs].filter((name) => !counted.has(name) && !moving.has(name)));
  return { names: new Set([...counted, ...moving, ...signs]), counted, quiet, made, messages, audiences };
}

/**
 * Taken for one that an `emit` step made, as it happened at the very instant of its arrival: a replay leaves it out,
 * because scenarios make it again.
 */
export function isMade({ name, at, receivedAt }: CustomerEvent, { made }: Listening): boolean {
  return made.has(name) && at === receivedAt;
}
