import { performance } from 'node:perf_hooks';
import { startMailServer } from '../channels/mail-server.ts';

/** One mail as the server took it. `at`: when it said so, by `performance.now()`. */
export interface Accepted {
  id: string;
  to: string;
  at: number;
}

export interface Sink {
  url: string;
  accepted: Accepted[];
  /** How often it answered 451. */
  greylisted: number;
  close(): Promise<void>;
}

/**
 * A server as they are in the field: it answers 451 to the first try for some recipients (greylisting), and takes its time,
 * told by `takes`, between the end of the message and its word that it has it, so that kills fall into the exchange.
 */
export async function startSink(isGreylisted: (to: string) => boolean, takes: () => number): Promise<Sink> {
  const sink: Sink = { url: '', accepted: [], greylisted: 0, close: () => Promise.resolve() };
  const seen = new Set<string>();
  const server = await startMailServer({
    onRcptTo({ address }, _session, done) {
      if (!isGreylisted(address) || seen.has(address)) return done();
      seen.add(address);
      sink.greylisted += 1;
      done(Object.assign(new Error('4.7.1 Greylisted, come back later'), { responseCode: 451 }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const id = /^Message-ID: <([^@>]+)@/im.exec(Buffer.concat(chunks).toString())![1]!;
        const to = session.envelope.rcptTo[0]!.address;
        setTimeout(() => {
          sink.accepted.push({ id, to, at: performance.now() });
          done(null);
        }, takes());
      });
    },
  });
  sink.url = server.url;
  sink.close = () => server.close();
  return sink;
}
