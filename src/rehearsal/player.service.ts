import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import type { Contact } from '../contacts/index.ts';
import type { Sql } from '../database/index.ts';
import { sendsSince, type PolicyVersion } from '../gate/index.ts';
import { compileScenario, shownPath, type Published } from '../scenarios/index.ts';
import { formatInstant, type Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import { parseYaml } from '../shared/yaml.ts';
import { findContact, findRestriction, loadKnownContact } from './known-contact.store.ts';
import { isKnownAt, placeKnown } from './place-known.ts';
import type { Cast, RehearsalPlan } from './rehearse.ts';
import { placeContact, placeSend, writtenContact } from './stage.ts';
import { contactFileSchema } from './test-file.schema.ts';
import type { VirtualRun } from './virtual-run.ts';

/** What runs, wherever it was read. */
export type Stage = Pick<
  RehearsalPlan,
  'scenario' | 'shownVersion' | 'beside' | 'policy' | 'templates' | 'templateVersion'
>;

/** Who it is about, and how it gets into the virtual world. */
export interface Player {
  contact: Contact;
  timeline: RehearsalPlan['timeline'];
  file: string;
  enter(from: Instant): Promise<Pick<RehearsalPlan, 'place' | 'older' | 'notes'>>;
}

/** A contact as written in a file: known since the beginning. */
export async function playerFromFile(file: string): Promise<Player> {
  const { sent, timeline, ...definition } = await readYaml(file, contactFileSchema);
  const shown = shownPath(file);
  return {
    contact: writtenContact(definition, 0, { file: shown, name: definition.userId }, 'UTC'),
    timeline,
    file,
    enter: (from) => {
      const place = (run: VirtualRun): Id => {
        const id = placeContact(run, definition, from, shown, definition.userId);
        for (const [index, send] of sent.entries()) placeSend(run, id, send, index);
        return id;
      };
      return Promise.resolve({ place, older: [], notes: [] });
    },
  };
}

/** A contact of the database, as it was at the beginning. Throws UserError when there is none. */
export async function playerFromDatabase(
  userId: string,
  stage: Stage,
  published: Published | null,
  sql: Sql,
  now: Instant,
): Promise<Player> {
  const found = await findContact(sql, userId);
  if (found === null)
    throw new UserError(`Nobody has the user id ${userId}: write the id a backend sends, or a file that ends in .yaml`);
  const restricted = await findRestriction(sql, found.contact);
  if (restricted !== null)
    throw new UserError(
      `The processing of ${userId} is restricted since ${formatInstant(restricted)}, so nothing would happen: rehearse somebody else, or lift it first (relance restrict contact ${userId} --lift)`,
    );
  const casts = [stage.scenario, ...stage.beside];
  const older = olderVersions(casts, published);
  return {
    contact: found.contact,
    timeline: [],
    file: 'the timeline',
    enter: async (from) => {
      const scenarios = casts.map(({ definition }) => definition.scenario);
      const want = {
        scenarios,
        events: [
          ...eventNames([...casts, ...older], stage.policy),
          ...stage.policy.compiled.sales.map(({ event }) => event),
        ],
        sendsSince: sendsSince(stage.policy, from),
        once: stage.policy.compiled.once,
        asOf: from,
      };
      const known = await loadKnownContact(sql, found, want);
      const isPast = from < now;
      return {
        older,
        place: (run) => placeKnown(run, known, from, isPast),
        notes: notesOn(known.enrollments, from, isPast),
      };
    },
  };
}

function olderVersions(casts: readonly Cast[], published: Published | null): Cast[] {
  if (published === null) return [];
  return casts.flatMap(({ definition: { scenario: id }, version: own }) =>
    published
      .versionsOf(id)
      .filter((version) => version !== own)
      .map((version) => published.scenario(id, version)),
  );
}

/** Names of past events that anything in these versions may ask for. */
function eventNames(casts: readonly Cast[], policy: PolicyVersion): string[] {
  const namesOf = (audience: string): Iterable<string> => policy.compiled.audiences.get(audience)?.historyNames ?? [];
  return [
    ...new Set(
      casts.flatMap(({ definition, version }) => {
        const { historyNames, audiences } = compileScenario(definition, version);
        const activity = definition.trigger.kind === 'inactivity' ? definition.trigger.activity : [];
        return [...historyNames, ...audiences.flatMap((audience) => [...namesOf(audience)]), ...activity];
      }),
    ),
  ];
}

function notesOn(enrollments: Parameters<typeof isKnownAt>[0][], from: Instant, isPast: boolean): string[] {
  const lost = enrollments.filter((enrollment) => !isKnownAt(enrollment, from));
  return [
    ...(isPast
      ? ['The beginning lies in the past: traits are those of now, and what really happened since is not played.']
      : []),
    ...lost.map(
      ({ scenarioId }) =>
        `The contact was inside ${scenarioId} then; in which step is not known any more, so it is left out.`,
    ),
  ];
}

/** Reads a file by its schema. Throws UserError with its faults. */
export async function readYaml<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const source = await readFile(file, 'utf8').catch(() => {
    throw new UserError(`There is no file ${file}`);
  });
  const { value, faults } = parseYaml(source, shownPath(file), schema);
  if (value === undefined) throw new UserError(`${shownPath(file)} cannot be used`, faults);
  return value;
}
