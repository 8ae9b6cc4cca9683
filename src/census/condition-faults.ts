import { entryPaths, isNegation, type Condition } from '../audience/index.ts';
import type { Fault } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';

/** More are a programme's work: every one is a part of one statement, named audiences included. */
const MOST_PARTS = 500;

type Path = readonly (string | number)[];
/** A fault, and where in the condition. */
type PlacedFault = Omit<Fault, 'path'> & { at: Path };

/** What keeps a condition, well written as it is, from being asked of all contacts: `audiences` are the policy's. */
export function conditionFaults(condition: Condition, audiences: Readonly<Record<string, Condition>>): PlacedFault[] {
  const parts = partsOf(condition, audiences, MOST_PARTS);
  const faults = [...walk(condition, [], false)].flatMap(({ part, at, inWhere }): PlacedFault[] => {
    if ('audience' in part && !Object.hasOwn(audiences, part.audience)) {
      const near = nearest(part.audience, Object.keys(audiences));
      const message = `there is no audience called ${part.audience} in the published policy`;
      return [fault('unknown-audience', message, near && `did you mean ${near}?`, [...at, 'audience'])];
    }
    if (!('property' in part) || inWhere) return [];
    const message = `reads the property ${part.property}, and an audience has no event at hand`;
    return [
      fault('property-without-event', message, 'ask for an attribute, or for an event with `where`', [
        ...at,
        'property',
      ]),
    ];
  });
  const [path] = entryPaths(condition);
  if (path !== undefined) {
    const hint = 'compare with a value, or with what everybody asked has';
    faults.push(fault('entry-without-event', `reads ${path} of an entry, and nobody who is counted has one`, hint, []));
  }
  if (parts > 0) return faults;
  const message = `has more than ${MOST_PARTS} parts, those of the audiences it names included`;
  return [...faults, fault('too-many-parts', message, 'list values with `in`, or ask in parts', [])];
}

const fault = (code: string, message: string, hint: string | undefined, at: Path): PlacedFault => ({
  code,
  severity: 'error',
  message,
  ...(hint === undefined ? {} : { hint }),
  at,
});

function* walk(
  part: Condition,
  at: Path,
  inWhere: boolean,
): Generator<{ part: Condition; at: Path; inWhere: boolean }> {
  yield { part, at, inWhere };
  for (const [key, inner] of innerOf(part)) yield* walk(inner, [...at, ...key], inWhere || key[0] === 'where');
}

function innerOf(part: Condition): [Path, Condition][] {
  if ('all' in part) return part.all.map((inner, index) => [['all', index], inner]);
  if ('any' in part) return part.any.map((inner, index) => [['any', index], inner]);
  if ('event' in part) return part.where === undefined ? [] : [[['where'], part.where]];
  return isNegation(part) ? [[['not'], part.not]] : [];
}

/** How many parts are left of `most`; none when there are more. */
function partsOf(condition: Condition, audiences: Readonly<Record<string, Condition>>, most: number): number {
  let left = most;
  for (const { part } of walk(condition, [], false)) {
    left -= 1;
    if (left > 0 && 'audience' in part && Object.hasOwn(audiences, part.audience))
      left = partsOf(audiences[part.audience]!, audiences, left);
    if (left <= 0) return 0;
  }
  return left;
}
