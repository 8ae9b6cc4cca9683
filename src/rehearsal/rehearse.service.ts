import path from 'node:path';
import { contactZone } from '../calendar/index.ts';
import type { Sql } from '../database/index.ts';
import { policyVersion } from '../gate/index.ts';
import {
  findScenario,
  nearestAbove,
  POLICY_FILE,
  readPolicy,
  readPublished,
  shownPath,
  type Published,
} from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import { TemplateCache, TemplateStore } from '../templates/index.ts';
import { readMomentOption } from './moment.ts';
import { playerFromDatabase, playerFromFile, readYaml, type Stage } from './player.service.ts';
import { rehearse, type Cast } from './rehearse.ts';
import { timelineFileSchema } from './test-file.schema.ts';
import { Shelf } from './shelf.service.ts';
import { templatesAround } from './test-suite.service.ts';
import type { Rehearsal } from './timeline.ts';
import { triggerProperties } from './trigger-properties.ts';

/** What somebody wants to see. */
export interface RehearsalRequest {
  /** Id or file. */
  scenario: string;
  /** User id, or a file. */
  contact: string;
  from: string;
  until?: string;
  /** Of the event that starts it, over what its filter asks for. */
  properties?: Record<string, unknown>;
  timelineFile?: string;
  /** Ids of scenarios that run beside it. */
  beside?: readonly string[];
  /** Scenario, policy and templates as published, not as in the files. */
  published?: boolean;
}

interface Places {
  scenariosDir: string;
  templatesDir: string;
}

/** True when the contact is written in a file, so that no database is needed for it. */
export function isContactFile(contact: string): boolean {
  return /\.ya?ml$/.test(contact);
}

/**
 * Rehearses a scenario for one contact. Reads files and, through `sql`, what is published and what is known of a real
 * contact; writes nothing. `now` tells whether `from` lies in the past.
 * Throws UserError for whatever cannot be used. `sql` may be null when neither a real contact nor `published` is asked for.
 */
export async function rehearseRequest(
  request: RehearsalRequest,
  places: Places,
  sql: Sql | null,
  now: Instant,
): Promise<Rehearsal> {
  const published = sql === null ? null : await readPublished(sql).catch((error: unknown) => notNeeded(request, error));
  const stage =
    request.published === true && published !== null && sql !== null
      ? stageFromDatabase(request, published, sql)
      : await stageFromFiles(request, places, published);
  const player = isContactFile(request.contact)
    ? await playerFromFile(request.contact)
    : await playerFromDatabase(request.contact, stage, published, sql!, now);
  const zone = contactZone(player.contact, stage.policy.policy.timezone);
  const from = readMomentOption(request.from, zone, '--from');
  const until = request.until === undefined ? null : readMomentOption(request.until, zone, '--until');
  if (until !== null && until < from) throw new UserError('--until lies before --from');
  const timeline =
    request.timelineFile === undefined
      ? player.timeline
      : (await readYaml(request.timelineFile, timelineFileSchema)).timeline;
  return rehearse({
    ...stage,
    ...(await player.enter(from)),
    properties: { ...triggerProperties(stage.scenario.definition), ...request.properties },
    timeline,
    file: shownPath(request.timelineFile ?? player.file),
    from,
    until,
  });
}

/** Without a publication, files can still be rehearsed. */
function notNeeded({ published }: RehearsalRequest, error: unknown): null {
  if (published === true || !(error instanceof UserError)) throw error;
  return null;
}

async function stageFromFiles(request: RehearsalRequest, places: Places, published: Published | null): Promise<Stage> {
  const found = await findScenario(request.scenario, places.scenariosDir);
  const folder = path.dirname(path.resolve(found.file));
  const policyFile = (await nearestAbove(POLICY_FILE, folder)) ?? path.join(places.scenariosDir, POLICY_FILE);
  const read = await readPolicy(policyFile);
  if (read.value === undefined) throw new UserError(`${shownPath(policyFile)} cannot be used`, read.faults);
  const { cache, ids } = await templatesAround(found.file, places.templatesDir, new Shelf());
  // What would be published next: whoever is inside now is so in an older version.
  const cast = (definition: Cast['definition']): Cast => ({
    definition,
    version: (published?.versionsOf(definition.scenario).at(-1) ?? 0) + 1,
  });
  const beside = await Promise.all((request.beside ?? []).map((id) => findScenario(id, places.scenariosDir)));
  return {
    scenario: cast(found.scenario),
    shownVersion: null,
    beside: beside.map(({ scenario }) => cast(scenario)),
    policy: policyVersion(1, read.value),
    templates: cache,
    templateVersion: (id) => (ids.has(id) ? 1 : undefined),
  };
}

function stageFromDatabase(request: RehearsalRequest, published: Published, sql: Sql): Stage {
  const store = new TemplateStore(sql);
  const scenario = published.scenario(request.scenario);
  return {
    scenario,
    shownVersion: scenario.version,
    beside: (request.beside ?? []).map((id) => published.scenario(id)),
    policy: published.policy,
    templates: new TemplateCache((id, version) => store.getForRender(id, version)),
    templateVersion: (id) => published.templateVersion(id),
  };
}
