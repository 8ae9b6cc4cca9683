import { createServer, type AddressInfo } from 'node:net';
import { ServiceProcess } from '../support/process.ts';
import { basic } from '../support/service.ts';
import type { Fixture } from './fixture.ts';

const WRITE_KEY = 'crash-write-key';

/** One takes events, two run engine and dispatch. */
const TOGETHER = { api: 'api', 'worker-a': 'engine,dispatch', 'worker-b': 'engine,dispatch' };
/** Every role in processes of its own. */
export const SPLIT = { api: 'api', engine: 'engine', 'dispatch-a': 'dispatch', 'dispatch-b': 'dispatch' };

/** One service of several processes, by the roles of each. */
export class Fleet {
  private readonly processes = new Map<string, ServiceProcess>();
  private over = false;

  private constructor(
    private readonly main: string,
    private readonly fixture: Fixture,
    private readonly settings: Readonly<Record<string, string>>,
    private readonly port: number,
    private readonly roles: Readonly<Record<string, string>>,
  ) {}

  static async start(
    main: string,
    fixture: Fixture,
    databaseUrl: string,
    smtpUrl: string,
    roles: Readonly<Record<string, string>> = TOGETHER,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Fleet> {
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
      ...more,
    };
    const fleet = new Fleet(main, fixture, settings, await freePort(), roles);
    for (const member of fleet.members) fleet.begin(member);
    await Promise.all(fleet.all.map(({ ready }) => ready));
    return fleet;
  }

  private get all(): ServiceProcess[] {
    return [...this.processes.values()];
  }

  get members(): string[] {
    return Object.keys(this.roles);
  }

  isReady(member: string): boolean {
    return this.processes.get(member)!.isReady;
  }

  /** What a process wrote that ended by itself; null when none has. */
  get failure(): string | null {
    const failed = this.members.find((member) => this.processes.get(member)!.hasFailed);
    return failed === undefined ? null : `${failed} ended by itself:\n${this.processes.get(failed)!.output}`;
  }

  /** What the processes that run now have to say. */
  get complaints(): string {
    return this.members.map((member) => `── ${member}\n${this.processes.get(member)!.output}`).join('\n');
  }

  /** Kills one as a power cut would, and starts another in its place. */
  async crash(member: string): Promise<void> {
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

  private begin(member: string): void {
    const role = this.roles[member]!;
    const own: Record<string, string> = role === 'api' ? { ROLE: role, PORT: String(this.port) } : { ROLE: role };
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
