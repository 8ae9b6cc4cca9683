import type { Policy } from '../../gate/index.ts';
import type { CompiledScenario, Library } from '../../scenarios/index.ts';

/** One activity in the register of processing (GDPR Art. 30(1)): a live scenario of a programme. */
export interface ProcessingActivity {
  programme: string;
  scenario: string;
  version: number;
  name: string;
  objective: string | null;
  /** Who answers for it. */
  owner: string | null;
  /** What the person is told it is for: the label of each purpose. */
  purposes: string[];
  legalBases: string[];
  persons: string;
  data: string[];
  /** Who receives data: our senders’ channels, and the hosts that `webhook` steps call; said, too, when nobody does. */
  recipients: string[];
  /** For how long it is kept, by the policy. */
  retention: string[];
  security: string;
}

const SECURITY =
  'Signed links, hashed keys, roles by account, an append-only audit log, personal data out of the log, erasure by one command.';

/** Who answers for all of it (GDPR Art. 30(1)(a)), from the policy; null when it names nobody. */
export function controllerOf({ policy: { policy } }: Library): Policy['controller'] | null {
  return policy.controller ?? null;
}

function retentionOf({ retention }: Policy): string[] {
  const { prospects, customers, events, messages, nightly } = retention;
  return [
    `prospects ${prospects} after their last contact`,
    customers === undefined
      ? 'customers until they ask for erasure'
      : `customers ${customers} after their last contact`,
    `events ${events}`,
    `messages ${messages}`,
    nightly ? 'removed every night' : 'removed by hand',
  ];
}

/** The register, made of what is published and live: nobody keeps it by hand, so it is never out of date (law L14). */
export function processingRegister({ live, policy: { policy } }: Library): ProcessingActivity[] {
  return live.map((scenario) => activityOf(scenario, policy)).sort(byPlace);
}

function activityOf(scenario: CompiledScenario, policy: Policy): ProcessingActivity {
  const { id, version, definition } = scenario;
  const sends = Object.values(definition.steps).flatMap((step) => (step.kind === 'send' ? [step] : []));
  const calls = Object.values(definition.steps).flatMap((step) => (step.kind === 'webhook' ? [step] : []));
  const purposes = unique([definition.purpose, ...sends.map(({ purpose }) => purpose ?? definition.purpose)]);
  const channels = unique(sends.map(({ channel }) => channel));
  const events = unique([
    ...('event' in definition.trigger ? [definition.trigger.event] : []),
    ...scenario.listensTo,
    ...scenario.historyNames,
  ]);
  const recipients = [
    ...channels.map((channel) => `provider of ${channel}`),
    ...unique(calls.map(({ url }) => new URL(/^https?:\/\/[^/?#\\]+/i.exec(url)![0]).host)),
  ];
  return {
    programme: definition.programme,
    scenario: id,
    version,
    name: definition.name,
    objective: definition.objective ?? null,
    owner: definition.owner ?? null,
    purposes: purposes.map((purpose) => policy.purposes[purpose]?.label ?? purpose),
    legalBases: unique(purposes.map((purpose) => policy.purposes[purpose]?.legalBasis ?? 'unknown')),
    persons: personsOf(scenario),
    data: [
      'user id, name, language, country and time zone',
      ...channels.map((channel) => (channel === 'email' ? 'email address' : 'phone number')),
      ...(channels.length > 0 ? ['consents, messages and what came back from them'] : []),
      ...events.map((name) => `event ${name}`),
    ],
    recipients: channels.length + calls.length === 0 ? ['nobody: it sends and calls nothing'] : recipients,
    retention: retentionOf(policy),
    security: SECURITY,
  };
}

function personsOf({ definition: { audience, trigger } }: CompiledScenario): string {
  const who = 'manual' in trigger ? 'contacts who are entered by hand' : 'contacts whom the trigger meets';
  return audience === undefined ? who : `${who} and who are in its audience`;
}

const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

const byPlace = (a: ProcessingActivity, b: ProcessingActivity): number =>
  a.programme === b.programme ? (a.scenario < b.scenario ? -1 : 1) : a.programme < b.programme ? -1 : 1;
