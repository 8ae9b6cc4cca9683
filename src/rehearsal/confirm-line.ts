import type { RequestStanding } from '../consent/index.ts';
import { confirmConsent } from '../engine/index.ts';
import type { Instant } from '../shared/clock.ts';
import { UserError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import type { Place } from './hit-line.ts';
import { standForAddress } from './stand-for-address.ts';
import type { TestLine } from './test-file.schema.ts';
import type { VirtualRun } from './virtual-run.ts';

/** A line that confirms a double opt-in. */
export type ConfirmLine = TestLine & { confirm: NonNullable<TestLine['confirm']> };

export function isConfirmation(line: TestLine): line is ConfirmLine {
  return line.confirm !== undefined;
}

/**
 * A person opens the link of the latest mail that asked for a confirmation, and confirms: as live, after its time or after
 * a no nothing comes of it. Returns how the request stood. Throws UserError when no such mail has been sent by now.
 */
export function arriveConfirmation(
  run: VirtualRun,
  contactId: Id,
  { confirm }: ConfirmLine,
  at: Place,
): RequestStanding {
  const now: Instant = run.clock.now();
  const standing = confirmConsent(run.world.of(contactId), contactId, confirm, now);
  if (standing === null)
    throw new UserError('there is nothing to confirm by', [
      {
        ...at,
        code: 'no-such-mail',
        severity: 'error',
        message: `no mail that asks to confirm ${confirm.purpose} by ${confirm.channel} was sent to the contact by then`,
        hint: 'doubleOptIn of the policy sends one when such a consent is granted: let it happen later',
      },
    ]);
  if (standing === 'open') {
    standForAddress(run, contactId, confirm, true);
    run.arrive({ kind: 'consent', contactId });
  }
  return standing;
}
