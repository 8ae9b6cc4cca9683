import type { CompiledScenario, Library } from '../../scenarios/index.ts';

/** Which events a library has an ear for: only those are read and played. */
export interface Listening {
  /** All of them. */
  names: Set<string>;
  /** Those that conditions count: all of a contact's past is read. */
  counted: Set<string>;
  /** Signs of life and nothing else: they move no machine, and only the latest of the past is needed. */
  quiet: Set<string>;
  /** Conditions ask for past messages. */
  messages: boolean;
}

/** Of several libraries together; `versions` are those that somebody may still be inside. */
export function listeningOf(libraries: readonly Library[], versions: readonly CompiledScenario[]): Listening {
  const counted = new Set<string>();
  const moving = new Set<string>();
  const signs = new Set<string>();
  let messages = false;
  for (const scenario of new Set([...libraries.flatMap(({ live }) => live), ...versions])) {
    const { trigger } = scenario.definition;
    for (const name of scenario.historyNames) counted.add(name);
    for (const name of scenario.listensTo) moving.add(name);
    if (trigger.kind === 'event') moving.add(trigger.event);
    if (trigger.kind === 'inactivity') for (const name of trigger.activity) signs.add(name);
    messages ||= scenario.needsMessages;
  }
  const quiet = new Set([...signs].filter((name) => !counted.has(name) && !moving.has(name)));
  return { names: new Set([...counted, ...moving, ...signs]), counted, quiet, messages };
}
