import { everOpen, longestShut, parseWeeklyWindow } from '../../src/calendar/index.ts';

const windows = (...texts: string[]) => texts.map((text) => parseWeeklyWindow(text)!);

test.each([
  [[], true],
  [['Mon-Fri 09:00-19:00'], true],
  [['Mon-Fri 09:00-12:00', 'Mon-Fri 12:00-19:00'], false],
  [['Mon-Fri 09:00-12:01', 'Mon-Fri 12:00-19:00'], true],
  [['Sun 22:00-06:00', 'Mon 05:00-07:00'], true],
  [['Sun 22:00-06:00', 'Sun 05:00-07:00'], false],
  [['Sat 00:00-24:00', 'Mon-Fri 00:00-24:00'], false],
  [['Mon-Sun 08:00-12:00', 'Mon-Sun 10:00-14:00', 'Mon-Sun 12:00-14:00'], false],
])('%j are open together at some time of a week: %j', (texts, expected) => {
  expect(everOpen(windows(...texts))).toBe(expected);
});

test.each([
  ['Mon-Sun 00:00-24:00', 0],
  ['Mon-Sun 09:00-19:00', 14],
  ['Mon-Fri 09:00-19:00', 62],
  ['Wed 12:00-13:00', 167],
  ['Fri-Mon 22:00-06:00', 88],
])('%s is shut for at most %d hours on end', (text, hours) => {
  expect(longestShut(windows(text)[0]!)).toBe(hours * 3_600_000);
});
