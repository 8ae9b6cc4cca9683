import { requestId, type ConfirmationRequest } from '../consent/index.ts';
import { CONFIRMATION, confirmationSender, UNJUDGED, type Message } from '../gate/index.ts';
import type { Library } from '../scenarios/index.ts';
import { formatInstant, type Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** Before whatever advertises: nothing else can be sent until it is answered. */
const FIRST = 100;

/**
 * The one message that asks for a confirmation, of all that was asked for together (rule C4, law L22). It needs no consent, pressure neither blocks nor counts
 * it; suppression, objection and quiet hours hold for it as for any. A category of its own: unlike a transactional message
 * it is never tried again when it is not known whether it arrived (rule D3). Its id is its requests', so that no second one
 * can be. Null when the policy asks for no confirmations any more.
 */
export function planConfirmation(
  contactId: Id,
  requests: readonly ConfirmationRequest[],
  library: Library,
  cause: Instant,
  now: Instant,
): Message | null {
  const { policy } = library.policy;
  const request = requests[0]!;
  const asked = requests.map(({ purpose }) => purpose);
  const labels = asked.map((purpose) => policy.purposes[purpose]?.label ?? purpose);
  const sender = confirmationSender(policy, request.brand);
  if (policy.doubleOptIn === undefined || sender === undefined) return null;
  const { template } = policy.doubleOptIn;
  const { channel, purpose, requestedAt, expiresAt } = request;
  return {
    id: requestId(contactId, request, asked),
    contactId,
    enrollmentId: null,
    scenarioId: CONFIRMATION,
    scenarioVersion: 0,
    programme: 'double-opt-in',
    campaign: null,
    step: 'confirm',
    channel: channel as Message['channel'],
    template,
    templateVersion: library.templateVersion(template) ?? 0,
    category: 'confirmation',
    purpose,
    priority: FIRST,
    sender,
    needsConsent: false,
    subjectTo: false,
    countsToward: false,
    window: null,
    parts: 1,
    data: {
      purpose: labels.join(', '),
      purposes: labels,
      asked,
      requestedAt,
      expiresAt: formatInstant(expiresAt),
    },
    plannedAt: now,
    expiresAt,
    dueAt: cause,
    ...UNJUDGED,
  };
}
