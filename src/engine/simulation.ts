import type { Instant } from '../shared/clock.ts';
import type { MessageFate, Passage } from './simulate.ts';

const DAY = 86_400_000;

/** When those who wait go on by themselves: now, within a day or later; `outcome` once their message has an outcome. */
export type Due = 'now' | 'day' | 'later' | 'outcome';

/** How many people share one passage. */
export interface PassageCount extends Omit<Passage, 'dueAt'> {
  people: number;
  /** Null for those whose enrollment ends. */
  due: Due | null;
  /** When the last of them goes on; null when that is not known, or they are out. */
  last: Instant | null;
}

export interface MessageCount extends MessageFate {
  messages: number;
}

/** What a publication would do to everybody inside, in numbers. */
export interface Simulation {
  passages: PassageCount[];
  messages: MessageCount[];
}

/** Adds up what becomes of people; holds one count for each thing that may, however many they are. */
export class SimulationCount {
  private readonly passages = new Map<string, PassageCount>();
  private readonly messages = new Map<string, MessageCount>();

  constructor(private readonly now: Instant) {}

  add(passages: readonly Passage[], messages: readonly MessageFate[]): void {
    for (const { dueAt, ...passage } of passages) {
      const due = passage.becomes === 'ends' ? null : this.dueOf(dueAt);
      const key = JSON.stringify([passage, due]);
      const count = this.passages.get(key) ?? { ...passage, due, last: null, people: 0 };
      count.people += 1;
      if (dueAt !== null) count.last = Math.max(count.last ?? dueAt, dueAt);
      this.passages.set(key, count);
    }
    for (const fate of messages) {
      const key = JSON.stringify(fate);
      const count = this.messages.get(key) ?? { ...fate, messages: 0 };
      count.messages += 1;
      this.messages.set(key, count);
    }
  }

  /** By scenario, most people first. */
  result(): Simulation {
    return {
      passages: [...this.passages.values()].sort((a, b) => byScenario(a, b) || b.people - a.people),
      messages: [...this.messages.values()].sort((a, b) => byScenario(a, b) || b.messages - a.messages),
    };
  }

  private dueOf(dueAt: Instant | null): Due {
    if (dueAt === null) return 'outcome';
    if (dueAt <= this.now) return 'now';
    return dueAt <= this.now + DAY ? 'day' : 'later';
  }
}

function byScenario(a: { scenarioId: string }, b: { scenarioId: string }): number {
  return a.scenarioId === b.scenarioId ? 0 : a.scenarioId < b.scenarioId ? -1 : 1;
}
