import { describeSimulation } from '../../src/cli/simulation-text.ts';
import { Progress } from '../../src/cli/progress.ts';
import type { PassageCount } from '../../src/engine/index.ts';

const LAST = Date.parse('2026-03-12T09:00:00Z');
const passage = (fields: Partial<PassageCount>): PassageCount => ({
  scenarioId: 'welcome',
  from: 'pause',
  becomes: 'waits',
  at: 'pause',
  due: 'later',
  last: LAST,
  reason: null,
  people: 1,
  ...fields,
});

test('each thing that becomes of people is a line with its number', () => {
  const passages = [
    passage({ people: 12 }),
    passage({ people: 1, due: 'day' }),
    passage({ people: 2, at: 'rest', due: 'day' }),
    passage({ people: 3, becomes: 'moves', at: 'mail', due: 'outcome', last: null }),
    passage({ people: 1, from: 'mail', becomes: 'moves', at: 'mail', due: 'outcome', last: null }),
    passage({ people: 4, becomes: 'ends', at: 'stopped', due: null, last: null, reason: 'replaced by version 3' }),
    passage({ people: 1, becomes: 'ends', at: 'completed', due: null, last: null }),
    passage({ scenarioId: 'other', due: 'now' }),
  ];
  const messages = [
    { scenarioId: 'welcome', isNew: true, status: 'ready', gate: null, messages: 3 },
    { scenarioId: 'welcome', isNew: true, status: 'held', gate: null, messages: 1 },
    { scenarioId: 'welcome', isNew: true, status: 'blocked', gate: 'consent', messages: 2 },
    { scenarioId: 'welcome', isNew: false, status: 'cancelled', gate: null, messages: 2 },
    { scenarioId: 'welcome', isNew: false, status: 'held', gate: null, messages: 1 },
  ] as const;
  expect(describeSimulation({ passages, messages: [...messages] })).toBe(
    `Simulated for the 24 people inside welcome, nothing changed yet:
        12 go on waiting in pause, for more than a day, the last until 2026-03-12T09:00:00.000Z
         1 goes on waiting in pause, until 2026-03-12T09:00:00.000Z
         2 go on waiting in rest (until now pause), for less than a day, the last until 2026-03-12T09:00:00.000Z
         3 leave pause at once for mail, and wait there for their messages to be settled
         1 enters mail anew, and waits there for the message to be settled
         4 in pause end as stopped: replaced by version 3
         1 in pause ends as completed
         3 new messages, handed over at once
         1 new message, held by the gate for now
         2 new messages, blocked by consent
         2 messages that were planned: cancelled
         1 message that was planned: kept
Simulated for the one person inside other, nothing changed yet:
         1 goes on waiting in pause, due at once
`,
  );
  expect(describeSimulation({ passages: [], messages: [] })).toBe('');
});

test.each([
  [true, '\rPeople: 5 of 20, 25 %\r\u001B[K'],
  [false, ''],
])('progress is told on a terminal alone: %s', (isTTY, text) => {
  let written = '';
  const progress = new Progress('People', 20, { isTTY, write: (part: unknown) => ((written += String(part)), true) });
  progress.to(5);
  progress.end();
  expect(written).toBe(text);
});
