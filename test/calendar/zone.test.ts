import fc from 'fast-check';
import { firstInstant, isZone, localMs, offsetAt, steadyOffset } from '../../src/calendar/zone.ts';
import { aZonedInstant, changesIn, icuLocal, icuOffset, ZONES } from './icu.ts';

describe('zones', () => {
  it.each(ZONES)('%s: every clock change of 2024 to 2030 is exact to the millisecond', (zone) => {
    for (const { at, before, after } of changesIn(zone)) {
      expect([at, offsetAt(at - 1, zone), offsetAt(at, zone)]).toEqual([at, before, after]);
      expect(steadyOffset(at, 0, zone)).toBe(after);
      expect(steadyOffset(at, 1, zone)).toBeNull();
      expect(steadyOffset(at - 1, 1, zone)).toBeNull();
    }
  });

  it('a zone first asked about at the very instant of a clock change is read exactly', () => {
    const change = Date.parse('2026-03-29T01:00:00Z');
    expect(offsetAt(change, 'Europe/Madrid')).toBe(7_200_000);
    expect(offsetAt(change - 1, 'Europe/Madrid')).toBe(3_600_000);
  });

  it('the zones tested do change their clocks', () => {
    expect(ZONES.map((zone) => changesIn(zone).length).reduce((sum, count) => sum + count)).toBeGreaterThan(150);
    // 2030 has parts of two Ramadans.
    expect(changesIn('Africa/Casablanca')).toHaveLength(15);
    expect(changesIn('America/Sao_Paulo')).toHaveLength(0);
    expect(changesIn('Australia/Lord_Howe').every(({ before, after }) => Math.abs(after - before) === 1_800_000)).toBe(
      true,
    );
  });

  it('offsets agree with the platform at any instant, in any order asked', () => {
    fc.assert(
      fc.property(aZonedInstant, ({ zone, at }) => expect(offsetAt(at, zone)).toBe(icuOffset(at, zone))),
      { numRuns: 2000 },
    );
  });

  it.each(ZONES)(
    '%s: a local time in a gap is the first instant after it, one that exists twice is the first',
    (zone) => {
      for (const { at, before, after } of changesIn(zone)) {
        const [low, high] = [Math.min(before, after), Math.max(before, after)];
        for (const share of [0, 0.25, 0.5, 0.999]) {
          const local = at + low + Math.floor((high - low) * share);
          const expected = after > before ? at : local - before;
          expect([at, share, firstInstant(local, zone)]).toEqual([at, share, expected]);
        }
        expect(firstInstant(at + high, zone)).toBe(at + high - after);
        expect(firstInstant(at + low - 1, zone)).toBe(at + low - 1 - before);
      }
    },
  );

  it('a local time is the first instant at which the clock shows it or more', () => {
    fc.assert(
      fc.property(aZonedInstant, fc.integer({ min: -4, max: 4 }), ({ zone, at }, quarters) => {
        const local = icuLocal(at, zone) + quarters * 900_000;
        const first = firstInstant(local, zone);
        expect(icuLocal(first, zone)).toBeGreaterThanOrEqual(local);
        for (let ago = 1; ago < 3 * 3_600_000; ago += 60_000) expect(icuLocal(first - ago, zone)).toBeLessThan(local);
      }),
    );
  });

  it('a whole day that a zone left out (Apia, 30 December 2011) is a gap as well', () => {
    const skipped = Date.UTC(2011, 11, 30, 12);
    expect(firstInstant(skipped, 'Pacific/Apia')).toBe(Date.parse('2011-12-30T10:00:00Z'));
    expect(localMs(Date.parse('2011-12-30T10:00:00Z'), 'Pacific/Apia')).toBe(Date.UTC(2011, 11, 31));
  });

  it.each([
    ['Europe/Paris', true],
    ['UTC', true],
    ['Asia/Calcutta', true],
    ['Europe/Pari', false],
    ['+02:00', false],
    ['-0500', false],
    ['', false],
    [' Europe/Paris', false],
    ['CEST', false],
  ])('%j is a zone: %s', (name, expected) => expect(isZone(name)).toBe(expected));

  it('a zone that does not exist is an error, not another zone', () => {
    expect(() => offsetAt(0, 'Mars/Olympus')).toThrow(RangeError);
  });
});
