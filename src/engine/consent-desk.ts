import {
  askedTogether,
  expiryOf,
  isRequest,
  sameConsent,
  stateOf,
  withConsent,
  type ConfirmationRequest,
  type ConsentState,
} from '../consent/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { Message } from '../gate/index.ts';
import type { Library } from '../scenarios/index.ts';
import type { Instant } from '../shared/clock.ts';
import { planConfirmation } from './plan-confirmation.ts';

/** What one contact has consented to during a tick: requests for a double opt-in are asked for once, and run out (rule C4). No I/O. */
export class ConsentDesk {
  /** Requests whose message was planned. */
  readonly asked: ConfirmationRequest[] = [];
  readonly expired: ConfirmationRequest[] = [];

  constructor(
    private states: readonly ConsentState[],
    private readonly library: Library,
    private readonly now: Instant,
  ) {}

  get consents(): readonly ConsentState[] {
    return this.states;
  }

  /** Nobody confirmed in time: from now on it is as if nothing had been said. */
  expire(request: ConfirmationRequest): void {
    this.expired.push(request);
    this.states = withConsent(this.states, stateOf(expiryOf(request)));
  }

  /** One message about what was asked for together and has none yet, as soon as there is an address to send it to. */
  ask(contact: Contact | null, cause: Instant): Message[] {
    if (contact === null || contact.email === null) return [];
    const messages: Message[] = [];
    const unasked = this.states.filter(
      (state): state is ConfirmationRequest =>
        isRequest(state) && typeof state.askedAt !== 'number' && state.expiresAt > this.now,
    );
    for (const requests of askedTogether(unasked)) {
      const message = planConfirmation(contact.id, requests, this.library, cause, this.now);
      if (message === null) continue;
      this.states = this.states.map((each) =>
        requests.some((request) => sameConsent(each, request)) ? { ...each, askedAt: this.now } : each,
      );
      this.asked.push(...requests);
      messages.push(message);
    }
    return messages;
  }
}
