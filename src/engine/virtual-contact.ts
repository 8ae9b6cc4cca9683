import type { PastMessage } from '../audience/index.ts';
import type { ConsentState, Suppression } from '../consent/index.ts';
import type { Contact } from '../contacts/index.ts';
import type { CustomerEvent } from '../events/index.ts';
import type { CountedSend, Decision, JudgeFacts, Message } from '../gate/index.ts';
import type { Id } from '../shared/ids.ts';
import type { WebhookCall } from './webhook-call.ts';
import type { ContactState, Enrollment, InboxItem, Watch } from './world.ts';

/** All one contact has in the virtual world. */
export interface VirtualContact {
  contact: Contact | null;
  enrollments: Map<Id, Enrollment>;
  watches: Map<string, Watch>;
  messages: Map<Id, Message>;
  calls: Map<Id, WebhookCall>;
  decisions: Decision[];
  consents: ConsentState[];
  suppressions: Suppression[];
  ownLimits: JudgeFacts['ownLimits'];
  /** Nothing is done with it but to keep it (GDPR Art. 18). */
  restricted: boolean;
  /** Chosen in the preference centre; stands before whatever locale a backend sends. */
  language: string | null;
  /** Oldest first. */
  events: CustomerEvent[];
  inbox: InboxItem[];
  /** Sends from before the virtual time began. */
  earlierSends: CountedSend[];
  /** Messages from before it, of purposes that write once. */
  earlierSpent: ContactState['spent'];
  earlierMessages: PastMessage[];
  /** What came back from messages that were sent here. */
  returns: Map<Id, MessageReturns>;
}

/** When a message arrived, came back, and was first opened and clicked by a person. */
export type MessageReturns = Pick<PastMessage, 'deliveredAt' | 'bouncedAt' | 'openedAt' | 'clickedAt'>;

export const NOTHING_CAME_BACK: MessageReturns = {
  deliveredAt: null,
  bouncedAt: null,
  openedAt: null,
  clickedAt: null,
};
