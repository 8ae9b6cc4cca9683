import { describeStep, describeTrigger, describeWay, resolveFlow, type Scenario } from '../../scenarios/index.ts';
import type { Rehearsal, TimelineEntry } from '../timeline.ts';

export const TRIGGER = '(trigger)';
const GOAL = '(goal)';
const EXIT = '(exit)';

/** What is drawn of a machine: its trigger, its steps, where it ends, and where this contact went. */
export interface DrawnMachine {
  nodes: DrawnNode[];
  edges: DrawnEdge[];
}

export interface DrawnNode {
  id: string;
  kind: 'trigger' | 'end' | 'send' | 'wait' | 'choose' | 'act';
  title: string;
  text: string;
  /** When the contact came here, in order, counted from 1; empty for where it never was. */
  visits: number[];
  /** Where its first visit stands in the timeline; null when it never was here. */
  entry: number | null;
}

export interface DrawnEdge {
  from: string;
  to: string;
  label: string;
  taken: boolean;
}

const KINDS: Record<string, DrawnNode['kind']> = {
  send: 'send',
  wait: 'wait',
  waitFor: 'wait',
  choose: 'choose',
  split: 'choose',
};

/** The machine of a rehearsal's scenario with the path that was taken in it. */
export function drawnMachine({ scenario, entries }: Rehearsal): DrawnMachine {
  const flow = resolveFlow(scenario);
  const path = pathOf(entries, scenario);
  const node = (id: string, kind: DrawnNode['kind'], title: string, text: string): DrawnNode => {
    const visits = path.flatMap((hop, index) => (hop.to === id ? [index + 1] : []));
    return { id, kind, title, text, visits, entry: visits.length === 0 ? null : path[visits[0]! - 1]!.entry };
  };
  const edges = mergedEdges(scenario, path);
  const targets = new Set(edges.map(({ to }) => to));
  const nodes = [
    node(TRIGGER, 'trigger', scenario.name, describeTrigger(scenario.trigger)),
    ...[...flow.values()].map(({ id, step }) => node(id, KINDS[step.kind] ?? 'act', id, describeStep(step))),
    ...(targets.has('end') ? [node('end', 'end', 'end', 'completed')] : []),
    ...(targets.has('exit') ? [node('exit', 'end', 'exit', 'exited')] : []),
    ...(targets.has(GOAL) ? [node(GOAL, 'end', 'goal', 'converted')] : []),
    ...(targets.has(EXIT) ? [node(EXIT, 'end', 'left', reasonOf(entries, scenario))] : []),
  ];
  return { nodes, edges };
}

interface Hop {
  from: string;
  to: string;
  entry: number;
}

function pathOf(entries: readonly TimelineEntry[], scenario: Scenario): Hop[] {
  return entries.flatMap((entry, index): Hop[] => {
    if (!('scenario' in entry) || entry.scenario !== scenario.scenario) return [];
    if (entry.kind === 'state') return [{ from: entry.left ?? TRIGGER, to: entry.entered, entry: index }];
    if (entry.kind !== 'ended') return [];
    return [{ from: entry.left, to: endOf(entry, scenario), entry: index }];
  });
}

function endOf({ left, status, reason }: Extract<TimelineEntry, { kind: 'ended' }>, scenario: Scenario): string {
  if (status === 'completed') return 'end';
  if (status === 'converted') return GOAL;
  const leadsOut =
    resolveFlow(scenario)
      .get(left)
      ?.ways.some(({ target }) => target === 'exit') ?? false;
  return leadsOut && !scenario.exit.some(({ event }) => event === reason) ? 'exit' : EXIT;
}

/** One arrow between two steps, however many ways lead along it; and those that only this contact took. */
function mergedEdges(scenario: Scenario, path: readonly Hop[]): DrawnEdge[] {
  const flow = resolveFlow(scenario);
  const first = flow.keys().next().value ?? 'end';
  const labels = new Map<string, { from: string; to: string; labels: Set<string> }>();
  const add = (from: string, to: string, label: string): void => {
    const key = `${from}\n${to}`;
    const known = labels.get(key) ?? { from, to, labels: new Set<string>() };
    known.labels.add(label);
    labels.set(key, known);
  };
  add(TRIGGER, first, '');
  for (const step of flow.values())
    for (const { name, target } of step.ways) add(step.id, target, describeWay(step, name));
  for (const { from, to } of path) if (to === GOAL || to === EXIT) add(from, to, '');
  const taken = new Set(path.map(({ from, to }) => `${from}\n${to}`));
  return [...labels].map(([key, { from, to, labels: words }]) => ({
    from,
    to,
    // A way without a condition among others: all of them lead here.
    label: words.has('') ? '' : [...words].join(' or '),
    taken: taken.has(key),
  }));
}

function reasonOf(entries: readonly TimelineEntry[], { scenario }: Scenario): string {
  const end = entries.findLast((entry) => entry.kind === 'ended' && entry.scenario === scenario);
  return end?.kind === 'ended' ? (end.reason ?? end.status) : '';
}
