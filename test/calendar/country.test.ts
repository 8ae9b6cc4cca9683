import { contactZone, contactZones, countryZones } from '../../src/calendar/index.ts';
import { offsetAt } from '../../src/calendar/zone.ts';

const POLICY = 'Europe/Brussels';

describe('a contact’s zone', () => {
  it.each([
    ['FR', ['Europe/Paris']],
    ['fr', ['Europe/Paris']],
    ['RE', ['Indian/Reunion']],
    ['GP', ['America/Guadeloupe']],
    ['NC', ['Pacific/Noumea']],
    ['BE', ['Europe/Brussels']],
    ['DE', ['Europe/Berlin']],
    ['CH', ['Europe/Zurich']],
    ['GB', ['Europe/London']],
    ['JP', ['Asia/Tokyo']],
    ['XX', []],
    ['France', []],
    ['', []],
    [null, []],
  ])('country %j has the zones %j', (country, zones) => expect(countryZones(country)).toEqual(zones));

  it.each(['US', 'CA', 'BR', 'AU', 'MX', 'RU', 'ES', 'PT', 'CL', 'ID'])('%s has several', (country) => {
    expect(countryZones(country).length).toBeGreaterThan(1);
  });

  it.each([
    ['US', ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Phoenix', 'Pacific/Honolulu']],
    ['AU', ['Australia/Sydney', 'Australia/Perth', 'Australia/Brisbane', 'Australia/Adelaide']],
    ['BR', ['America/Sao_Paulo', 'America/Manaus', 'America/Noronha']],
  ])('%s: the clock of each of its large zones is among them', (country, zones) => {
    const seasons = [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)];
    const clock = (zone: string): string => seasons.map((at) => offsetAt(at, zone)).join();
    const clocks = countryZones(country).map(clock);
    for (const zone of zones) expect(clocks).toContain(clock(zone));
  });

  it.each([
    ['its own', { timezone: 'Asia/Tokyo', country: 'FR' }, 'Asia/Tokyo'],
    ['its country’s', { timezone: null, country: 'FR' }, 'Europe/Paris'],
    ['its country’s when its own does not exist', { timezone: 'Mars/Olympus', country: 'FR' }, 'Europe/Paris'],
    ['the policy’s when the country has several', { timezone: null, country: 'US' }, POLICY],
    ['the policy’s when nothing is known', { timezone: null, country: null }, POLICY],
  ])('for times of day: %s', (_case, contact, zone) => expect(contactZone(contact, POLICY)).toBe(zone));

  it('T1: for quiet hours it is its own, else all of its country’s, else the policy’s', () => {
    expect(contactZones({ timezone: 'America/Denver', country: 'US' }, POLICY)).toEqual(['America/Denver']);
    expect(contactZones({ timezone: null, country: 'US' }, POLICY)).toEqual(countryZones('US'));
    expect(contactZones({ timezone: 'nonsense', country: 'FR' }, POLICY)).toEqual(['Europe/Paris']);
    expect(contactZones({ timezone: null, country: 'XX' }, POLICY)).toEqual([POLICY]);
    expect(contactZones({ timezone: null, country: null }, POLICY)).toEqual([POLICY]);
  });
});
