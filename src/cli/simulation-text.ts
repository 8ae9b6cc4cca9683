import type { MessageCount, PassageCount, Simulation } from '../engine/index.ts';
import { formatInstant } from '../shared/clock.ts';

/** What a publication would do to the people inside, as text: a paragraph a scenario, a line for each thing, in numbers. */
export function describeSimulation({ passages, messages }: Simulation): string {
  const scenarios = [...new Set(passages.map(({ scenarioId }) => scenarioId))];
  const lines = scenarios.flatMap((scenario) => {
    const own = passages.filter(({ scenarioId }) => scenarioId === scenario);
    const people = own.reduce((sum, each) => sum + each.people, 0);
    const counts: [number, string][] = [
      ...own.map((each): [number, string] => [each.people, describePassage(each)]),
      ...messages
        .filter(({ scenarioId }) => scenarioId === scenario)
        .map((each): [number, string] => [each.messages, describeMessages(each)]),
    ];
    const who = people === 1 ? 'the one person' : `the ${people} people`;
    return [
      `Simulated for ${who} inside ${scenario}, nothing changed yet:`,
      ...counts.map(([count, text]) => `${String(count).padStart(10)} ${text}`),
    ];
  });
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function describePassage({ from, becomes, at, due, last, reason, people }: PassageCount): string {
  const verb = (one: string, many: string): string => (people === 1 ? one : many);
  if (becomes === 'ends') {
    const why = reason === null ? '' : `: ${reason}`;
    return `in ${from} ${verb('ends', 'end')} as ${at}${why}`;
  }
  const until = untilText(due, last, people);
  const renamed = from === at ? at : `${at} (until now ${from})`;
  if (becomes === 'waits') return `${verb('goes', 'go')} on waiting in ${renamed}, ${until}`;
  return from === at
    ? `${verb('enters', 'enter')} ${at} anew, and ${verb('waits', 'wait')} there ${until}`
    : `${verb('leaves', 'leave')} ${from} at once for ${at}, and ${verb('waits', 'wait')} there ${until}`;
}

function untilText(due: PassageCount['due'], last: number | null, people: number): string {
  const until = last === null ? '' : formatInstant(last);
  switch (due) {
    case 'now':
      return 'due at once';
    case 'day':
      return people === 1 ? `until ${until}` : `for less than a day, the last until ${until}`;
    case 'later':
      return people === 1 ? `until ${until}` : `for more than a day, the last until ${until}`;
    case 'outcome':
    case null:
      return people === 1 ? 'for the message to be settled' : 'for their messages to be settled';
  }
}

function describeMessages({ isNew, status, gate, messages }: MessageCount): string {
  const noun = messages === 1 ? 'message' : 'messages';
  if (isNew) {
    if (status === 'ready') return `new ${noun}, handed over at once`;
    return `new ${noun}, ${status === 'held' ? 'held by the gate for now' : `${status}${gate === null ? '' : ` by ${gate}`}`}`;
  }
  return `${noun} that ${messages === 1 ? 'was' : 'were'} planned: ${status === 'held' || status === 'ready' ? 'kept' : status}`;
}
