import {
  feltPressure,
  roomsOf,
  type FeltPressure,
  type JudgeFacts,
  type Message,
  type PolicyVersion,
} from '../../gate/index.ts';
import type { Instant } from '../../shared/clock.ts';

/** What a contact's reactions weigh, what that takes from the room of which rule, and when it is given back. */
export interface FeltOutlook extends FeltPressure {
  /** Rules whose maximum is lowered now; it rises as what is felt fades, if nothing is added. */
  lowered: { rule: string; from: number; max: number; rises: { at: Instant; max: number }[] }[];
  /** When no rule will be lowered any more; null when none is. */
  recovers: Instant | null;
}

/** `probes` are messages that rules have something to say about. */
export function feltOutlook(
  facts: JudgeFacts,
  probes: readonly { message: Message; rules: readonly string[] }[],
  policy: PolicyVersion,
  now: Instant,
): FeltOutlook {
  const felt = feltPressure(facts, policy, now);
  const turns = [...new Set(felt.levels.flatMap(({ until }) => until ?? []))].sort((a, b) => a - b);
  const lowered = new Map<string, FeltOutlook['lowered'][number]>();
  for (const { message } of turns.length === 0 ? [] : probes)
    for (const { rule, max, lowered: by } of roomsOf(message, facts, policy, now)) {
      if (by === undefined || lowered.has(rule)) continue;
      const later = turns.map((at) => ({
        at,
        max: roomsOf(message, facts, policy, at).find((room) => room.rule === rule)?.max ?? by.from,
      }));
      const rises = later.filter((each, index) => each.max !== (later[index - 1]?.max ?? max));
      lowered.set(rule, { rule, from: by.from, max, rises });
    }
  const last = [...lowered.values()].flatMap(({ rises }) => rises.at(-1)?.at ?? []);
  return { ...felt, lowered: [...lowered.values()], recovers: last.length === 0 ? null : Math.max(...last) };
}
