import { makeSample } from '../../src/sample/sample.ts';
import { FIRST_CONTACT, samplePeople } from '../../src/sample/people.ts';
import { contactIdOf } from '../../src/shared/ids.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const DAY = 86_400_000;

/** A counter of its own, as a process has. */
const counter = (): (() => number) => {
  let last = 0;
  return () => ++last;
};
const sample = (now = NOW) => makeSample(now, counter());

describe('the sample', () => {
  test('is the same for everybody at one instant, and keeps its ids for ever', () => {
    expect(sample()).toEqual(sample());
    const ids = (now: number): string[] => sample(now).events.map(({ id }) => id);
    expect(ids(NOW + 100 * DAY)).toEqual(ids(NOW));
    expect(new Set(ids(NOW)).size).toBe(ids(NOW).length);
  });

  test('is a few hundred contacts of several countries, zones and both languages', () => {
    const people = samplePeople(NOW);
    expect(people).toHaveLength(300);
    expect(new Set(people.map(({ place }) => place.country)).size).toBeGreaterThanOrEqual(8);
    expect(new Set(people.map(({ place }) => place.timezone)).size).toBeGreaterThanOrEqual(8);
    for (const language of ['en', 'fr']) {
      expect(people.filter(({ traits }) => String(traits.locale).startsWith(language)).length).toBeGreaterThan(50);
    }
    expect(people.filter(({ traits }) => String(traits.birthday).endsWith('-02-29')).length).toBeGreaterThanOrEqual(3);
  });

  test('reaches nobody: addresses of example.com, numbers that regulators keep for fiction', () => {
    const people = samplePeople(NOW);
    const emails = people.flatMap(({ traits }) => (typeof traits.email === 'string' ? [traits.email] : []));
    expect(emails.filter((email) => !email.endsWith('@example.com'))).toEqual([]);
    expect(new Set(emails).size).toBe(emails.length);
    const phones = people.flatMap(({ traits }) => (typeof traits.phone === 'string' ? [traits.phone] : []));
    expect(phones.filter((phone) => !/^\+(33639980\d{3}|447700900\d{3}|1\d{3}55501\d{2})$/.test(phone))).toEqual([]);
    expect(phones.length).toBeGreaterThan(80);
  });

  test('is history: nothing in it can trigger, all of it is past, and nothing is older than 60 days', () => {
    const { events } = sample();
    expect(events.filter(({ historical }) => !historical)).toEqual([]);
    expect(events.filter(({ at }) => at > NOW || at < NOW - 61 * DAY)).toEqual([]);
    expect(events.length).toBeGreaterThan(2_000);
  });

  test('has a first contact that has subscribed, and whom no programme has written to', () => {
    const id = contactIdOf(FIRST_CONTACT);
    const { events, consents } = sample();
    const names = events.filter(({ contactId }) => contactId === id).map(({ name }) => name);
    expect(names).toContain('Product Viewed');
    expect(names).not.toContain('Form Submitted');
    const said = consents
      .find(({ contactId }) => contactId === id)!
      .entries.map(({ channel, purpose, action }) => `${channel} ${purpose} ${action}`);
    expect(said).toEqual(['email newsletter granted', 'sms newsletter granted']);
  });

  test('has somebody for every answer of the consent gate', () => {
    const { consents } = sample();
    const entries = consents.flatMap((each) => each.entries);
    for (const action of ['granted', 'withdrawn', 'refused'] as const) {
      expect(entries.filter((entry) => entry.action === action).length).toBeGreaterThanOrEqual(5);
    }
    expect(consents.length).toBeLessThan(290);
    expect(entries.filter(({ at }) => at > NOW)).toEqual([]);
  });

  test('brings no storm: on no day do more than 20 contacts come to their thirtieth idle day', () => {
    const idleOn = samplePeople(NOW).map(({ lastSeenAt, createdAt }) => ((lastSeenAt ?? createdAt) - NOW) / DAY + 30);
    const on = (day: number): number => idleOn.filter((each) => each >= day && each < day + 1).length;
    for (let day = 0; day < 30; day++) expect(on(day)).toBeLessThanOrEqual(20);
    // The days to come have some each, so that there is soon something to see.
    for (let day = 1; day < 8; day++) expect(on(day)).toBeGreaterThan(0);
  });
});
