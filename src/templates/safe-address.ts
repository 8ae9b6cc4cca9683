/** What a browser leaves out when it reads an address, or does not show: blanks, controls, soft hyphens, marks. */
const UNREAD = /[\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]/g;

/** Addresses that are programs or documents of their own instead of places. */
const UNSAFE = /^(?:javascript|vbscript|data):/i;

/** Leads nowhere. */
export const NOWHERE = '#';

/** True for an address that would run, or show, what a stranger wrote (rule S4); its entities decoded. */
export function isUnsafeAddress(address: string): boolean {
  return UNSAFE.test(address.replace(UNREAD, ''));
}

/** An address without blanks, at which mailboxes and plain-text readers would cut it in two. */
export const withoutBlanks = (address: string): string => address.trim().replaceAll(/\s/g, '%20');
