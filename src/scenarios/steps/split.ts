import { stableFraction } from '../../shared/hash.ts';
import type { Guard, StepCompiler } from './step-state.ts';

/** Shares contacts out by weight: by a stable hash of contact, scenario and step, so that nobody changes sides. */
export const compileSplit: StepCompiler<'split'> = ({ branches }, place) => {
  const total = branches.reduce((sum, { weight }) => sum + weight, 0);
  const guards: Record<string, Guard> = {};
  let reached = 0;
  const always = branches.map(({ weight }, index) => {
    reached += weight;
    if (index === branches.length - 1) return place.way(String(index));
    const guard = `share:${place.step}.${index}`;
    const upTo = reached / total;
    guards[guard] = ({ event }) => stableFraction(event.facts.contact.id, place.scenario, place.step) < upTo;
    return place.way(String(index), guard);
  });
  return { state: { always }, guards };
};
