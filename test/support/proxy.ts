import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Proxy {
  /** The address given, by way of the proxy. */
  url: string;
  /** Breaks all connections and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Keeps all connections open and lets nothing pass on them any more, as a router does that has forgotten them; new ones work. */
  stall(): void;
  close(): Promise<void>;
}

/** Stands before a server whose connection a test wants to break. */
export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const open = (on: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const opened = createServer((near) => {
        const far = connect(Number(port), hostname);
        keep(near);
        keep(far);
        near.pipe(far).pipe(near);
        near.on('close', () => far.destroy());
        far.on('close', () => near.destroy());
      });
      server = opened;
      opened.once('error', reject).listen(on, '127.0.0.1', () => resolve((opened.address() as { port: number }).port));
    });
  const cut = async (): Promise<void> => {
    const closing = server;
    server = null;
    if (closing === null) return;
    await new Promise((resolve) => {
      closing.close(resolve);
      for (const socket of sockets) socket.destroy();
    });
  };
  const stall = (): void => {
    for (const socket of sockets) socket.unpipe().pause();
  };
  const own = await open(0);
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(own);
  return { url: url.href, cut, mend: async () => void (await open(own)), stall, close: cut };
}
