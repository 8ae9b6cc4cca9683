import type { Channel } from '../../shared/channel.ts';
import { addressMark } from '../../channels/index.ts';
import { addressKey } from '../../shared/address.ts';
import type { ReportedMessage } from './report.ts';

const same = (a: string, b: string): boolean => addressKey(a) === addressKey(b);

/**
 * Which address a report is about, as it is written in suppressions; null when nobody can say. The contact may have changed
 * the address since the message left, and a bounce may name the one it was forwarded to: what went out decides.
 * @param current the contact's address now
 */
export function addressedOf(
  report: ReportedMessage & { channel: Channel },
  current: string | null,
  secret: string,
): string | null {
  const { mark, recipient } = report;
  const candidates = [current, recipient].filter((address) => address !== null);
  if (mark !== null) return candidates.find((address) => addressMark(address, secret) === mark) ?? null;
  if (recipient === null) return current;
  return current !== null && same(current, recipient) ? current : recipient;
}
