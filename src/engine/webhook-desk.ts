import type { CompiledScenario, Effect } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { derivedId, type Id } from '../shared/ids.ts';
import { inHoldout } from './enrollment.ts';
import type { CallCancellation, WebhookCall } from './webhook-call.ts';
import type { Enrollment } from './world.ts';

/** What became of a call within the tick, for the machine that waits for it. */
export interface CallOutcome {
  enrollmentId: Id;
  step: string;
  outcome: 'done' | 'failed';
}

/** One contact's calls to other systems during a tick: what is planned and cancelled. No I/O. */
export class WebhookDesk {
  readonly cancellations: CallCancellation[] = [];
  private readonly planned = new Map<Id, WebhookCall>();
  private outcomes: CallOutcome[] = [];

  constructor(private readonly now: Instant) {}

  get calls(): WebhookCall[] {
    return [...this.planned.values()];
  }

  /** True while an outcome is to be told. */
  get isBusy(): boolean {
    return this.outcomes.length > 0;
  }

  /** Plans the call of a step that the enrollment has just entered, as its next thing. */
  plan({ step, request }: Extract<Effect, { kind: 'webhook' }>, scenario: CompiledScenario, before: Enrollment): void {
    const { fault, ...sent } = request;
    const withheld = inHoldout(scenario.definition, before.contactId);
    const status = withheld ? 'holdout' : fault === null ? 'ready' : 'failed';
    const call: WebhookCall = {
      ...sent,
      id: callId(before, step, before.planned),
      contactId: before.contactId,
      enrollmentId: before.id,
      scenarioId: scenario.id,
      scenarioVersion: scenario.version,
      step,
      plannedAt: this.now,
      status,
      dueAt: this.now,
      attempts: 0,
      statusCode: null,
      error: withheld ? null : fault,
      settledAt: status === 'ready' ? null : this.now,
    };
    this.planned.set(call.id, call);
    if (status !== 'ready')
      this.outcomes.push({ enrollmentId: call.enrollmentId, step, outcome: withheld ? 'done' : 'failed' });
  }

  /** Outcomes since the last call, in their order. */
  takeOutcomes(): CallOutcome[] {
    const taken = this.outcomes;
    this.outcomes = [];
    return taken;
  }

  /**
   * The enrollment ends, or is put elsewhere, in this state, which may be a `webhook` step: its call is not made any more. A call that was
   * settled meanwhile, or that a worker has, stays as it is.
   */
  cancelOf(enrollment: Enrollment, scenario: CompiledScenario | undefined, reason: string): void {
    const { contactId, stepEnteredAt: plannedAt, planned } = enrollment;
    const { value, context } = enrollment.state;
    if (scenario?.definition.steps[value]?.kind !== 'webhook') return;
    const id = callId(enrollment, context.enteredAs ?? value, planned - 1);
    const call = this.planned.get(id);
    if (call === undefined) this.cancellations.push({ id, contactId, plannedAt, reason, at: this.now });
    else if (call.status === 'ready')
      this.planned.set(id, { ...call, status: 'cancelled', error: reason, settledAt: this.now });
  }
}

/** An enrollment in a `webhook` step has planned its call last, so that this is the call it waits for. */
function callId({ id, contactId }: Enrollment, step: string, number: number): Id {
  return derivedId(contactId, 'webhook', id, step, number);
}
