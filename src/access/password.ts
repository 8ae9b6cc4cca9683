import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

interface Cost {
  N: number;
  r: number;
  p: number;
}

/** OWASP's parameters for scrypt: 2^15 × 8 × 3 takes 32 MB and about 0.1 s. */
const COST: Cost = { N: 2 ** 15, r: 8, p: 3 };
const LARGEST_MEMORY = 64 * 2 ** 20;
const KEY_BYTES = 32;

/** Of a password that people set. ADMIN_PASSWORD has at least 8, as it always had. */
export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 1_000;

const derive = (password: string, salt: Buffer, cost: Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, { ...cost, maxmem: LARGEST_MEMORY }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });

/** `scrypt$N$r$p$salt$key`, so that the cost can rise later without locking anybody out. */
export async function hashPassword(password: string, cost: Cost = COST): Promise<string> {
  const salt = randomBytes(16);
  return written(salt, await derive(password, salt, cost), cost);
}

const written = (salt: Buffer, key: Buffer, { N, r, p }: Cost): string =>
  ['scrypt', N, r, p, salt.toString('base64'), key.toString('base64')].join('$');

/** The hash of no password: verified where there is no account, so that the time taken does not tell who has one. */
export const DECOY = written(randomBytes(16), randomBytes(KEY_BYTES), COST);

/** Whether the password is the one hashed; takes the same time whether it is or not. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, n, r, p, salt, key] = hash.split('$');
  if (scheme !== 'scrypt' || salt === undefined || key === undefined) return false;
  const expected = Buffer.from(key, 'base64');
  const actual = await derive(password, Buffer.from(salt, 'base64'), { N: Number(n), r: Number(r), p: Number(p) });
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** A password for somebody who gets it once: 120 bits. */
export const newPassword = (): string => randomBytes(15).toString('base64url');
