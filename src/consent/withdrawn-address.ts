import { WITHDRAWN_AT_ADDRESS, type ConsentKey, type Suppression } from './state.ts';

/** How the ledger says that a word came by a message: its links, its page, its answers. A STOP by text stands by number itself. */
const BY_MESSAGE: ReadonlySet<string> = new Set([
  'one-click',
  'unsubscribe-page',
  'preference-centre',
  'mailto',
  'reply-stop',
]);

/** Whether a source of the ledger (`source.kind`) is a message. */
export const isByMessage = (kind: unknown): boolean => typeof kind === 'string' && BY_MESSAGE.has(kind);

/** Whether something that stands against an address closes this purpose to it. */
export function closesPurpose(
  { reason, ...suppression }: Pick<Suppression, 'channel' | 'reason' | 'purpose' | 'brand'>,
  { channel, purpose, brand }: ConsentKey,
): boolean {
  return (
    reason === WITHDRAWN_AT_ADDRESS &&
    suppression.channel === channel &&
    suppression.purpose === purpose &&
    (suppression.brand ?? '') === (brand ?? '')
  );
}
