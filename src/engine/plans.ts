import type { JudgeFacts } from '../gate/index.ts';
import type { Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { isLive } from './enrollment.ts';
import { subjectOfSend } from './plan-message.ts';
import type { Enrollment } from './world.ts';

/** The versions that somebody may be in, and the policy. */
export type Versions = Pick<Library, 'policy' | 'scenario'>;

/** The programmes and scenarios that somebody is in. A version that the library lacks says nothing. */
export function passages(enrollments: readonly Enrollment[], library: Versions): JudgeFacts['inside'] {
  if (library.policy.compiled.exclusive.length === 0) return [];
  return enrollments.filter(isLive).flatMap(({ scenarioId, scenarioVersion }) => {
    const scenario = library.scenario(scenarioId, scenarioVersion);
    return scenario === undefined ? [] : [{ scenarioId, programme: scenario.definition.programme }];
  });
}

/** What the timers of live enrollments will send when they come due after `now` (rule P11). */
export function timedSends(enrollments: readonly Enrollment[], library: Versions, now: Instant): JudgeFacts['planned'] {
  return enrollments.filter(isLive).flatMap(({ scenarioId, scenarioVersion, dueAt, state }) => {
    if (dueAt === null || dueAt <= now) return [];
    const scenario = library.scenario(scenarioId, scenarioVersion);
    const next = scenario?.sendsAfter.get(state.value);
    return next === undefined
      ? []
      : [{ ...subjectOfSend(next.send, scenario!, library.policy), at: dueAt, messageId: null, step: next.step }];
  });
}
