import type { AuditEntry } from '../access/index.ts';
import type { InFlightChoice } from './in-flight.ts';
import type { Change, PublishPlan } from './plan.ts';

/** Who publishes; `restored` is the old version whose content it is, for a rollback. */
export interface Publisher {
  actor: string;
  restored?: number;
}

/** What a publication writes into the audit log: an entry for each scenario, policy and template that changes (rule S6). */
export function auditEntries(plan: PublishPlan, choice: InFlightChoice, { actor, restored }: Publisher): AuditEntry[] {
  const entry = (kind: string, { id, kind: change, from, version }: Change<unknown>): AuditEntry => {
    const done = change === 'retired' ? 'retire' : restored === undefined ? 'publish' : 'rollback';
    const details: Record<string, unknown> = { version, from };
    if (restored !== undefined) details['restored'] = restored;
    if (kind === 'scenario' && from !== null) {
      details['inFlight'] = choice.inFlight;
      if (choice.maps?.has(id) === true) details['map'] = choice.maps.get(id);
    }
    return { actor, action: `${kind}.${done}`, subject: id, details };
  };
  const entries = [
    ...plan.scenarios.map((change) => [change.kind, entry('scenario', change)] as const),
    ...(plan.policy === null ? [] : [[plan.policy.kind, entry('policy', plan.policy)] as const]),
    ...plan.templates.map((change) => [change.kind, entry('template', change)] as const),
  ];
  return entries.flatMap(([kind, made]) => (kind === 'unchanged' ? [] : [made]));
}
