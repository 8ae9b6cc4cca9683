import type { PastEvent } from '../../src/audience/index.ts';
import { inactivityTrigger, lookAtInactivity } from '../../src/engine/inactivity.ts';
import { dateTrigger, lookAtDate, newWatches, rescheduled } from '../../src/engine/watches.ts';
import type { Watch } from '../../src/engine/world.ts';
import type { CompiledScenario, DateTrigger, InactivityTrigger } from '../../src/scenarios/index.ts';
import { compiled } from '../scenarios/journey.ts';
import { ada, ADA, at, DAY, HOUR, library, START } from './factories.ts';

const PARIS = 'Europe/Paris';
const scenario = (trigger: string): CompiledScenario => compiled(`trigger: ${trigger}\nsteps: { pause: { wait: 1d } }`);
const watch = (fields: Partial<Watch> = {}): Watch => ({
  contactId: ADA,
  scenarioId: 'trial',
  dueAt: null,
  fired: {},
  ...fields,
});

const birthdays = scenario('{ date: birthday, at: "09:00", yearly: true }');
const birthday = dateTrigger(birthdays)!;
const idle = scenario('{ inactivity: 30d, activity: [Order Completed] }');
const never = scenario('{ inactivity: 30d, activity: [Order Completed], neverActive: false }');
const atTen = scenario('{ inactivity: 30d, activity: [Order Completed], at: "10:00" }');
const trigger = (of: CompiledScenario): InactivityTrigger => inactivityTrigger(of)!;

const activity = (happened: number, fields: Partial<PastEvent> = {}): PastEvent => ({
  name: 'Order Completed',
  at: happened,
  receivedAt: happened,
  seq: 1,
  properties: {},
  historical: false,
  active: true,
  ...fields,
});
const isLate = (event: PastEvent): boolean => event.historical || event.receivedAt - event.at > DAY;
const look = (
  of: CompiledScenario,
  due: number,
  last: PastEvent | undefined,
  fields: Partial<Watch> = {},
  now = due,
  contact = ada(),
) => lookAtInactivity(watch({ dueAt: due, ...fields }), trigger(of), contact, last, now, PARIS, isLate);

test('a new contact gets a watch for every trigger of time, and for no other', () => {
  const lib = library([
    compiled(
      'scenario: a-date\ntrigger: { date: birthday, at: "09:00", yearly: true }\nsteps: { pause: { wait: 1d } }',
    ),
    compiled(
      'scenario: b-idle\ntrigger: { inactivity: 30d, activity: [Order Completed] }\nsteps: { pause: { wait: 1d } }',
    ),
    compiled('scenario: c-event\ntrigger: { event: Begun }\nsteps: { pause: { wait: 1d } }'),
    compiled('scenario: d-manual\ntrigger: { manual: true }\nsteps: { pause: { wait: 1d } }'),
  ]);
  expect(newWatches(ada({ birthday: '1990-03-04' }), lib, START)).toEqual([
    watch({ scenarioId: 'a-date', dueAt: at('2026-03-04T09:00:00+01:00') }),
    watch({ scenarioId: 'b-idle', dueAt: at('2026-04-01T10:00:00+02:00') }),
  ]);
});

describe('T5: a date', () => {
  const due = at('2026-03-04T09:00:00+01:00');
  const see = (
    fields: Partial<Watch>,
    now: number,
    born: string | null = '1990-03-04',
    of: DateTrigger = birthday,
    zone = PARIS,
  ) => lookAtDate(watch(fields), of, ada({ birthday: born }), now, zone);

  test('fires when it is due, and moves to the next year', () => {
    const { watch: moved, origin } = see({ dueAt: due }, due);
    expect(origin).toBe('date 2026');
    expect(moved).toEqual(watch({ dueAt: at('2027-03-04T09:00:00+01:00'), fired: { year: 2026 } }));
  });

  test('fires late after an outage, once, and not for years that passed meanwhile', () => {
    const { watch: moved, origin } = see({ dueAt: due }, at('2028-06-01T00:00:00Z'));
    expect(origin).toBe('date 2026');
    expect(moved.dueAt).toBe(at('2029-03-04T09:00:00+01:00'));
  });

  test('once a year, also when the date is corrected to a later day of the same year', () => {
    const fired = watch({ dueAt: at('2027-03-04T09:00:00+01:00'), fired: { year: 2026 } });
    const corrected = rescheduled(fired, birthdays, ada({ birthday: '1990-06-20' }), library([birthdays]), due);
    expect(corrected.dueAt).toBe(at('2027-06-20T09:00:00+02:00'));
  });

  test('once a year, also when the contact moves west and the same local hour comes again', () => {
    const { watch: moved } = see({ dueAt: due }, due);
    const again = rescheduled(
      moved,
      birthdays,
      ada({ birthday: '1990-03-04', timezone: 'America/New_York' }),
      library([birthdays]),
      due,
    );
    expect(again.dueAt).toBe(at('2027-03-04T09:00:00-05:00'));
  });

  test('a corrected date moves the watch; a removed one stops it; one that comes back starts it', () => {
    const lib = library([birthdays]);
    const waiting = watch({ dueAt: due });
    expect(rescheduled(waiting, birthdays, ada({ birthday: '1990-03-09' }), lib, START).dueAt).toBe(
      at('2026-03-09T09:00:00+01:00'),
    );
    const stopped = rescheduled(waiting, birthdays, ada(), lib, START);
    expect(stopped.dueAt).toBeNull();
    expect(rescheduled(stopped, birthdays, ada({ birthday: '--03-04' }), lib, START).dueAt).toBe(due);
  });

  test('looked at too early, or after the date was removed, fires nothing', () => {
    expect(see({ dueAt: START }, START)).toEqual({ watch: watch({ dueAt: due }), origin: null });
    expect(see({ dueAt: due }, due, null)).toEqual({ watch: watch({ dueAt: null }), origin: null });
    expect(see({ dueAt: due }, due, 'someday')).toEqual({ watch: watch({ dueAt: null }), origin: null });
  });

  test('that is not yearly fires in its own year alone', () => {
    const once = dateTrigger(scenario('{ date: birthday, at: "09:00" }'))!;
    const { watch: moved, origin } = see({ dueAt: due }, due, '2026-03-04', once);
    expect([origin, moved.dueAt]).toEqual(['date 2026', null]);
  });

  test('T6: 29 February falls on the 28th in a common year', () => {
    const lib = library([birthdays]);
    expect(newWatches(ada({ birthday: '2000-02-29' }), lib, at('2027-01-01T00:00:00Z'))[0]!.dueAt).toBe(
      at('2027-02-28T09:00:00+01:00'),
    );
    expect(newWatches(ada({ birthday: '2000-02-29' }), lib, at('2028-01-01T00:00:00Z'))[0]!.dueAt).toBe(
      at('2028-02-29T09:00:00+01:00'),
    );
  });
});

describe('T8: inactivity', () => {
  const due = START + 31 * DAY;

  test('is counted from the last listed event, in calendar days of the contact', () => {
    const last = at('2026-03-10T10:00:00+01:00');
    expect(look(idle, due, activity(last))).toEqual({
      watch: watch({ dueAt: at('2026-04-09T10:00:00+02:00') }),
      origin: null,
    });
    const fired = look(idle, at('2026-04-09T10:00:00+02:00'), activity(last));
    expect(fired.origin).toBe(`idle ${last}`);
    expect(fired.watch.fired).toEqual({ since: last });
  });

  test('of a contact that was never active is counted from the creation', () => {
    expect(look(idle, due, undefined).origin).toBe(`idle ${START}`);
  });

  test('does not fire for those never active when `neverActive` is false, and looks again a period later', () => {
    const { watch: moved, origin } = look(never, due, undefined);
    expect([origin, moved.dueAt, moved.fired]).toEqual([null, at('2026-05-02T11:00:00+02:00'), {}]);
  });

  test('fires once an idle period, and again after a new activity', () => {
    const first = look(idle, due, undefined);
    expect(look(idle, first.watch.dueAt!, undefined, { fired: first.watch.fired }).origin).toBeNull();
    const active = activity(first.watch.dueAt! - 31 * DAY);
    expect(look(idle, first.watch.dueAt!, active, { fired: first.watch.fired }).origin).toBe(`idle ${active.at}`);
  });

  test('does not fire for an event imported after its idle period had run out', () => {
    const imported = activity(START - 60 * DAY, { receivedAt: START, historical: true });
    const { watch: moved, origin } = look(idle, due, imported);
    expect([origin, moved.fired]).toEqual([null, { since: imported.at }]);
    expect(look(idle, moved.dueAt!, imported, { fired: moved.fired }).origin).toBeNull();
  });

  test('does fire for an event imported late whose idle period ran out only afterwards', () => {
    const imported = activity(START - 5 * DAY, { receivedAt: START, historical: true });
    expect(look(idle, due, imported).origin).toBe(`idle ${imported.at}`);
  });

  test('an event imported late that is older than the last one changes nothing', () => {
    const last = activity(START);
    const fired = look(idle, due, last);
    expect(look(idle, fired.watch.dueAt!, last, { fired: fired.watch.fired }).origin).toBeNull();
  });

  test('waits for the hour asked for, also when the watch begins long after the period had run out', () => {
    const last = activity(START - 90 * DAY);
    const published = at('2026-03-02T15:00:00+01:00');
    const looked = look(atTen, published, last);
    expect([looked.origin, looked.watch.dueAt]).toEqual([null, at('2026-03-03T10:00:00+01:00')]);
    expect(look(atTen, looked.watch.dueAt!, last).origin).toBe(`idle ${last.at}`);
  });

  test('an earlier creation than was thought brings the watch forward, never back', () => {
    const lib = library([idle]);
    const waiting = watch({ dueAt: START + 30 * DAY });
    const earlier = rescheduled(waiting, idle, ada({ createdAt: START - 10 * DAY }), lib, START);
    expect(earlier.dueAt).toBe(at('2026-03-22T10:00:00+01:00'));
    expect(rescheduled(waiting, idle, ada({ createdAt: START - 400 * DAY }), lib, START + HOUR).dueAt).toBe(
      START + HOUR,
    );
    expect(rescheduled(waiting, idle, ada({ createdAt: START + 5 * DAY }), lib, START).dueAt).toBe(START + 30 * DAY);
  });
});
