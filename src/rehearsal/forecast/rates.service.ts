import { readFile } from 'node:fs/promises';
import { audienceNames, compileCondition, historyNames, usesMessages, type Condition } from '../../audience/index.ts';
import { contactZone } from '../../calendar/index.ts';
import { normaliseTraits } from '../../contacts/index.ts';
import { shownPath, type Library } from '../../scenarios/index.ts';
import type { Instant } from '../../shared/clock.ts';
import { UserError, type Fault } from '../../shared/errors.ts';
import { nearest } from '../../shared/nearest.ts';
import { LANES } from '../../shared/ids.ts';
import { parseYaml } from '../../shared/yaml.ts';
import type { KnownContact } from '../known-contact.store.ts';
import type { LaneStore, SliceWanted } from './lane.store.ts';
import { ratesSchema, type Rates } from './rates.schema.ts';

/** Contacts by which an audience's size is told; a smaller base is counted. */
const ENOUGH = 20_000;
const SLICE = 2_000;

/** Reads a file of rates and holds it to the scenarios and the policy. Throws UserError with all that is wrong in it. */
export async function readRates(file: string, library: Library, heard: ReadonlySet<string>): Promise<Rates> {
  const shown = shownPath(file);
  const source = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new UserError(`There is no file ${shown}`);
    throw error;
  });
  const { value, faults, at } = parseYaml(source, shown, ratesSchema);
  if (value === undefined) throw new UserError(`${shown} cannot be used`, faults);
  const wrong = [...strangeNames(value, library, heard)].map(({ path, ...fault }): Fault => {
    return { code: 'unknown-name', severity: 'error', ...fault, path: path.join('.'), file: shown, ...at(path) };
  });
  const traits = normaliseTraits(value.newContacts?.traits ?? {});
  for (const fault of traits.faults) {
    const path = ['newContacts', 'traits', fault.path!];
    wrong.push({ ...fault, path: path.join('.'), file: shown, ...at(path) });
  }
  if (wrong.length > 0) throw new UserError(`${shown} cannot be used`, wrong);
  if (value.newContacts !== undefined) value.newContacts.traits = traits.traits;
  return value;
}

type Strange = Pick<Fault, 'message' | 'hint'> & { path: (string | number)[] };

function* strangeNames(
  { events, newContacts }: Rates,
  { policy: { policy } }: Library,
  heard: ReadonlySet<string>,
): Generator<Strange> {
  const strange = (what: string, name: string, known: Iterable<string>, path: (string | number)[]): Strange => {
    const near = nearest(name, known);
    const hint = near === undefined ? `known here: ${[...known].sort().join(', ')}` : `did you mean ${near}?`;
    return { message: `${what} ${name}`, hint, path };
  };
  const all = [
    ...events.map(({ event }, index) => ({ event, path: ['events', index, 'event'] })),
    ...(newContacts?.events ?? []).map(({ event }, index) => ({
      event,
      path: ['newContacts', 'events', index, 'event'],
    })),
  ];
  for (const { event, path } of all)
    if (!heard.has(event)) yield strange('no live scenario listens to', event, heard, path);
  const audiences = Object.keys(policy.audiences ?? {});
  for (const [index, { audience }] of events.entries())
    for (const name of audience === undefined ? [] : audienceNames(audience))
      if (!audiences.includes(name))
        yield strange('the policy has no audience', name, audiences, ['events', index, 'audience']);
  for (const [index, { purpose }] of (newContacts?.consents ?? []).entries())
    if (!Object.hasOwn(policy.purposes, purpose))
      yield strange('the policy has no purpose', purpose, Object.keys(policy.purposes), [
        'newContacts',
        'consents',
        index,
        'purpose',
      ]);
}

/** What the audiences of rates ask about a contact's past. */
export function askedByRates({ events }: Rates, { policy }: Library): { names: Set<string>; messages: boolean } {
  const names = new Set<string>();
  let messages = false;
  for (const { audience } of events) {
    if (audience === undefined) continue;
    for (const name of historyNames(audience)) names.add(name);
    messages ||= usesMessages(audience);
    for (const named of [...audienceNames(audience)].map((name) => policy.compiled.audiences.get(name))) {
      for (const name of named?.historyNames ?? []) names.add(name);
      messages ||= named?.usesMessages === true;
    }
  }
  return { names, messages };
}

/** Tells who is in a condition's audience at an instant. */
export function membership(
  condition: Condition | undefined,
  { policy }: Library,
  now: Instant,
): (known: KnownContact) => boolean {
  if (condition === undefined) return () => true;
  const holds = compileCondition(condition);
  return ({ contact, consents, events, messages }) =>
    holds({
      now,
      contact,
      zone: contactZone(contact, policy.policy.timezone),
      history: events,
      consents,
      messages,
      audiences: policy.compiled.audiences,
      brandOf: policy.compiled.brandOf,
    });
}

/**
 * How many contacts are in the audience of each event: counted in as many lanes as hold enough contacts, which are filled
 * by hash and therefore alike. Throws UserError for an audience that nobody is in: its events would happen to nobody.
 */
export async function audienceSizes(
  { events }: Rates,
  library: Library,
  store: LaneStore,
  wanted: SliceWanted,
  contacts: number,
): Promise<number[]> {
  if (events.every(({ audience }) => audience === undefined)) return events.map(() => contacts);
  const isIn = events.map(({ audience }) => membership(audience, library, wanted.from));
  const found = events.map(() => 0);
  let seen = 0;
  for (let lane = 0; lane < LANES && seen < ENOUGH; lane++) {
    const ids = await store.everybody(lane);
    for (let first = 0; first < ids.length; first += SLICE)
      for (const known of await store.known(ids.slice(first, first + SLICE), wanted)) {
        seen += 1;
        for (const [index, holds] of isIn.entries()) if (holds(known)) found[index]! += 1;
      }
  }
  return found.map((count, index) => {
    if (count === 0)
      throw new UserError(
        `Nobody is in the audience of events.${index} (${events[index]!.event}): change it or leave it out`,
      );
    return (count / seen) * contacts;
  });
}
