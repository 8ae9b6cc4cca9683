import { createServer, type AddressInfo } from 'node:net';
import { ServiceProcess } from '../support/process.ts';
import { basic } from '../support/service.ts';
import type { Fixture } from './fixture.ts';

const WRITE_KEY = 'crash-write-key';

export const MEMBERS = ['api', 'worker-a', 'worker-b'] as const;
export type Member = (typeof MEMBERS)[number];

/** One service of three processes: one takes events, two run engine and dispatch. */
export class Fleet {
  private readonly processes = new Map<Member, ServiceProcess>();
  private over = false;

  private constructor(
    private readonly main: string,
    private readonly fixture: Fixture,
    private readonly settings: Readonly<Record<string, string>>,
    private readonly port: number,
  ) {}

  static async start(main: string, fixture: Fixture, databaseUrl: string, smtpUrl: string): Promise<Fleet> {
    const settings = {
      DATABASE_URL: databaseUrl,
      DATABASE_POOL_SIZE: '6',
      SMTP_URL: smtpUrl,
      SECRET: 'a-secret-of-the-tests-only',
      WRITE_KEY,
      ADMIN_EMAIL: 'admin@example.com',
      ADMIN_PASSWORD: 'correct horse battery',
      SCENARIOS_DIR: fixture.scenarios,
      TEMPLATES_DIR: fixture.templates,
      LOG_LEVEL: 'warn',
    };
    const fleet = new Fleet(main, fixture, settings, await freePort());
    for (const member of MEMBERS) fleet.begin(member);
    await Promise.all(fleet.all.map(({ ready }) => ready));
    return fleet;
  }

  private get all(): ServiceProcess[] {
    return [...this.processes.values()];
  }

  isReady(member: Member): boolean {
    return this.processes.get(member)!.isReady;
  }

  /** What a process wrote that ended by itself; null when none has. */
  get failure(): string | null {
    const failed = MEMBERS.find((member) => this.processes.get(member)!.hasFailed);
    return failed === undefined ? null : `${failed} ended by itself:\n${this.processes.get(failed)!.output}`;
  }

  /** What the processes that run now have to say. */
  get complaints(): string {
    return MEMBERS.map((member) => `── ${member}\n${this.processes.get(member)!.output}`).join('\n');
  }

  /** Kills one as a power cut would, and starts another in its place. */
  async crash(member: Member): Promise<void> {
    await this.processes.get(member)!.kill();
    this.begin(member);
  }

  /** Ends it all. */
  async kill(): Promise<void> {
    this.over = true;
    await Promise.all(this.all.map((process) => process.kill()));
  }

  /** One request; true when it was acknowledged. False: nobody knows, or it is to be sent again. */
  async post(route: string, body: object): Promise<boolean> {
    if (this.over) throw new Error('the service is no more');
    let response: Response;
    try {
      response = await fetch(`http://127.0.0.1:${this.port}${route}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: basic(WRITE_KEY) },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(5_000),
      });
      await response.arrayBuffer();
    } catch {
      return false;
    }
    if (response.status >= 400 && response.status < 500)
      throw new Error(`${route} was refused with ${response.status}`);
    return response.ok;
  }

  private begin(member: Member): void {
    const own: Record<string, string> =
      member === 'api' ? { ROLE: 'api', PORT: String(this.port) } : { ROLE: 'engine,dispatch' };
    this.processes.set(member, new ServiceProcess(this.main, { ...this.settings, ...own }, this.fixture.dir));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
