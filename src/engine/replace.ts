import { stoppedBecause, wayOn, type StepMap } from '../scenarios/index.ts';
import type { ContactRun } from './contact-run.ts';
import { byEntry, isLive } from './enrollment.ts';
import type { Enrollment, InboxItem } from './world.ts';

/** A publication takes over whoever is inside an older version of its scenario, or stops them. */
export function replace(
  run: ContactRun,
  { scenarioId, version, inFlight, map }: InboxItem & { kind: 'replace' },
): void {
  for (const enrollment of run.enrollments.filter(isLive).sort(byEntry)) {
    const { id, scenarioVersion } = enrollment;
    if (enrollment.scenarioId !== scenarioId || (version !== null && scenarioVersion >= version)) continue;
    if (inFlight === 'migrate' && version !== null) migrate(run, enrollment, version, map);
    else run.end(id, 'stopped', stoppedBecause(version));
  }
}

/** Goes on in another version: in the step of the same id and kind, or where the map says. */
function migrate(run: ContactRun, enrollment: Enrollment, version: number, map?: StepMap): void {
  const from = run.version(enrollment.scenarioId, enrollment.scenarioVersion).definition;
  const scenario = run.version(enrollment.scenarioId, version);
  const step = enrollment.state.value;
  const way = wayOn(step, from, scenario.definition, map);
  switch (way.kind) {
    case 'resume':
      return run.takeOver(enrollment, scenario, way.step);
    case 'enter':
      return run.putInto(enrollment, scenario, way.step, stoppedBecause(version));
    case 'stop':
      return run.end(enrollment.id, 'stopped', stoppedBecause(version));
    case 'lost': {
      const kind = from.steps[step]?.kind ?? '';
      return run.end(enrollment.id, 'stopped', `${stoppedBecause(version)}, which has no ${kind} step \`${step}\``);
    }
  }
}
