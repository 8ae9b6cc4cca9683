import { SIDES, type Decision, type Message, type Side } from '../../gate/index.ts';
import type { Id } from '../../shared/ids.ts';
import { columns } from './columns.ts';
import { OUTCOMES, type Outcome, type Outcomes, type PolicyForecast, type SideForecast } from './forecast.ts';
import type { Reader } from './reader.ts';
import { keyOf, type ContactCounts } from './tally.ts';
import { showEstimate } from './words.ts';

/** Counts the messages of one contact that were judged while a frequency test ran, by side. */
export function countSides(
  counts: ContactCounts,
  messages: readonly Message[],
  decisions: ReadonlyMap<Id, readonly Decision[]>,
): void {
  const sides = new Set<string>();
  for (const { id, status } of messages) {
    const test = decisions
      .get(id)
      ?.flatMap(({ gates }) => gates.flatMap((gate) => gate.test ?? []))
      .at(-1);
    if (test === undefined) continue;
    sides.add(keyOf('side', test.id, test.side));
    counts.add(keyOf('side', test.id, test.side, status === 'held' ? 'waiting' : status));
  }
  for (const side of sides) counts.add(side);
}

/** Both sides of the test that ran; null when none did. */
export function sidesOf(reader: Reader): PolicyForecast['frequencyTest'] {
  const [id] = reader.names('side');
  if (id === undefined) return null;
  const of = (side: Side): SideForecast => ({
    contacts: reader.of('side', id, side),
    outcomes: Object.fromEntries(
      OUTCOMES.map((outcome: Outcome) => [outcome, reader.of('side', id, side, outcome)]),
    ) as Outcomes,
  });
  return { id, base: of('base'), variant: of('variant') };
}

/** Both sides beside each other, for the terminal. */
export function sidesSection({ frequencyTest: test }: PolicyForecast): string[] {
  return test === null ? [] : columns([[`Frequency test ${test.id}`, ...SIDES], ...sideRows(test)]);
}

/** What is told of the sides, row by row: what it is, then a column a side. */
export function sideRows(test: NonNullable<PolicyForecast['frequencyTest']>): string[][] {
  const rows = OUTCOMES.filter((outcome) => SIDES.some((side) => test[side].outcomes[outcome].value > 0)).map(
    (outcome) => [outcome, ...SIDES.map((side) => showEstimate(test[side].outcomes[outcome]))],
  );
  return [
    ['contacts', ...SIDES.map((side) => showEstimate(test[side].contacts))],
    ...rows,
    ['sent a contact', ...SIDES.map((side) => perContact(test[side]))],
  ];
}

function perContact({ contacts, outcomes }: SideForecast): string {
  return contacts.value === 0 ? '-' : (outcomes.sent.value / contacts.value).toFixed(2);
}
