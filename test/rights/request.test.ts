import { dueAfter } from '../../src/rights/requests/request.ts';
import { requestId } from '../../src/rights/requests/requests.store.ts';
import { formatInstant } from '../../src/shared/clock.ts';
import { contactIdOf, laneOf } from '../../src/shared/ids.ts';

describe('L10: a request must be answered within a calendar month', () => {
  test.each([
    ['2026-11-24T07:30:00.000Z', '2026-12-24T07:30:00.000Z'],
    ['2026-12-31T23:59:59.999Z', '2027-01-31T23:59:59.999Z'],
    // No such day in the next month: its last.
    ['2027-01-31T10:00:00.000Z', '2027-02-28T10:00:00.000Z'],
    ['2028-01-30T10:00:00.000Z', '2028-02-29T10:00:00.000Z'],
  ])('what comes at %s is due at %s', (received, due) => {
    expect(formatInstant(dueAfter(Date.parse(received)))).toBe(due);
  });

  test('its id tells the lane, and nothing else, of the contact', () => {
    const contact = contactIdOf('ada');
    const [one, two] = [requestId(contact, 'a'), requestId(contact, 'b')];
    expect([laneOf(one), laneOf(two)]).toEqual([laneOf(contact), laneOf(contact)]);
    expect(one).not.toBe(two);
  });
});
