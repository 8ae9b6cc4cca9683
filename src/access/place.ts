import ipaddr from 'ipaddr.js';

/**
 * What counts as one place to sign in from: an address of version 4, the /64 of one of version 6, of which everybody has
 * 2^64 (RFC 4291, 2.5.4). What is no address counts as written.
 */
export function placeOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()}/64`;
}
