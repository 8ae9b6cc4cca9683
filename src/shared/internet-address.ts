import ipaddr from 'ipaddr.js';

/** Global unicast addresses of version 6 are those IANA hands out from, 2000::/3 (RFC 4291, 2.4; iana.org/assignments/ipv6-address-space). */
const HANDED_OUT = ipaddr.IPv6.parseCIDR('2000::/3');
/** RFC 6761 (localhost), 6762 (local), 8375 (home.arpa), and what ICANN set aside for private networks (internal). */
const PRIVATE_SUFFIX = /(?:^|\.)(?:localhost|local|internal|home\.arpa)$/;

/**
 * Whether an address in its usual form is global unicast: one on the internet, and none of a private network, this
 * machine, a link, a documentation or benchmark, a translation to version 4 (mapped, NAT64, 6to4, Teredo), or many at
 * once. Cloud metadata services are on link-local and unique local addresses. What is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(HANDED_OUT);
}

/** The address that a URL's host is, in the form `isPublicAddress` takes; null when it is a name. */
export function literalAddress({ hostname }: URL): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(bare) ? bare : null;
}

/**
 * Whether a URL's host can only be private, by what it looks like: such an address (URL has read all its spellings, as
 * `0x7f000001` or `127.1`), a name without a dot, or one that no public server answers to.
 */
export function isPlainlyPrivate(url: URL): boolean {
  const address = literalAddress(url);
  if (address !== null) return !isPublicAddress(address);
  const name = url.hostname.toLowerCase().replace(/\.$/, '');
  return !name.includes('.') || PRIVATE_SUFFIX.test(name);
}

/** Whether a list of `host` (any port) and `host:port` names the host of a URL. */
export function namesHost(hosts: readonly string[], url: URL): boolean {
  return hosts.some((host) => {
    const listed = new URL(`${url.protocol}//${host}`);
    return listed.hostname === url.hostname && (!/:\d+$/.test(host) || listed.port === url.port);
  });
}

/** Whether a text is a `host` or `host:port` as `namesHost` takes them. */
export function isHost(text: string): boolean {
  if (!/^[^\s/?#@\\*]+$/.test(text) || !URL.canParse(`https://${text}`)) return false;
  return new URL(`https://${text}`).hostname !== '';
}
