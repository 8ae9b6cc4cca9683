import type { Server } from './server.ts';

/** What a figure may use. */
export interface Bench {
  /** The throw-away PostgreSQL of this run, started when first asked for. */
  server: () => Promise<Server>;
}

/** What a figure's value is held against, measured in the same run. */
export interface Reference {
  label: string;
  value: number;
}

/** One line of the table. */
export interface Measured {
  figure: string;
  value: number;
  unit: string;
  reference?: Reference;
  aim?: Aim;
}

export interface Aim {
  /** As people read it: `≥ 15,000/s`. */
  text: string;
  met: boolean;
}

/** A figure of `npm run bench`: measures, and throws when what it measured is not what should have happened. */
export type Figure = (bench: Bench) => Promise<Measured[]>;

/** At least so many a second. */
export function atLeast(value: number, wanted: number): Aim {
  return { text: `≥ ${wanted.toLocaleString('en')}/s`, met: value >= wanted };
}

export function below(value: number, wanted: number, unit: string): Aim {
  return { text: `< ${wanted} ${unit}`, met: value < wanted };
}

/** At least this share of the reference. */
export function shareOf(value: number, reference: Reference, wanted: number): Aim {
  return { text: `≥ ${wanted} of ${reference.label}`, met: value >= wanted * reference.value };
}

/** Stops the benchmark when it did not measure what it says. */
export function mustBe(what: string, found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Error(`${what}: ${String(found)} instead of ${String(wanted)}`);
}
