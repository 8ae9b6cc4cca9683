import { unavailable } from '../../http/index.ts';

const PATIENCE_MS = 10_000;
const LARGEST = 64 * 1024;

/**
 * Gets a small text over HTTPS, and follows no redirect: whoever asks has checked the host. Throws 503 when it cannot be
 * had, so that the provider repeats its call.
 */
export async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > LARGEST) throw new Error(`it answered more than ${LARGEST} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw unavailable(`${new URL(url).host} could not be asked: ${(error as Error).message}`);
  }
}
