import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkAll } from '../../src/cli/check.ts';
import type { Fault } from '../../src/shared/errors.ts';

/** A small library in which nothing is wrong: what is written wrong in tests is written wrong in one of these. */
export const FILES = {
  scenario: 'scenarios/welcome.yaml',
  policy: 'scenarios/policy.yaml',
  meta: 'templates/hello/meta.yaml',
  mail: 'templates/hello/email.html.hbs',
  test: 'scenarios/welcome.test.yaml',
} as const;

export type FileKind = keyof typeof FILES;

export const VALID: Readonly<Record<FileKind, string>> = {
  scenario: `scenario: welcome
programme: onboarding
name: Welcome
category: marketing
purpose: newsletter
sender: brand
priority: 50
trigger:
  event: Form Submitted
  where: { property: form, equals: newsletter }
reentry: { after: 90d }
exit:
  - event: Account Closed
goal: { event: Order Completed, within: 14d }
steps:
  hello:
    send: { channel: email, template: hello, data: { code: WELCOME } }
  pause:
    wait: 2d
  morning:
    wait: { until: { time: "09:00" } }
  ordered:
    choose:
      - when: { event: Order Completed, within: 30d }
        next: customer
      - otherwise: hear
  hear:
    waitFor: { event: Logged In }
    timeout: 5d
    onEvent: customer
    onTimeout: end
  customer:
    set: { tier: customer }
`,
  policy: `timezone: Europe/Paris
country: FR
lateEvents: 24h
senders:
  brand:
    email: "Maison <hello@example.com>"
    address: "1 rue de la Paix, 75002 Paris"
purposes:
  newsletter: { label: Newsletter, legalBasis: consent }
pressure:
  - rule: weekly-ceiling
    scope: { categories: [marketing] }
    window: { rolling: 7d }
    max: 4
    onBlocked: { hold: 3d }
quietHours:
  - { channels: [sms], allow: "Mon-Sat 08:00-20:00" }
`,
  meta: `subject: Welcome
preheader: A gift waits
sample:
  data: { code: WELCOME }
`,
  mail: `<p>Hello {{default contact.firstName "there"}}, {{data.code}}</p>
<p><a href="{{links.unsubscribe}}">Unsubscribe</a> {{sender.address}}</p>
`,
  test: `scenario: welcome
contacts:
  ada:
    userId: ada
    email: ada@example.com
    timezone: Europe/Paris
    birthday: 1990-02-28
    consents:
      - { channel: email, purpose: newsletter, action: granted, at: 2026-01-01T00:00:00Z }
tests:
  - name: hello is sent
    contact: ada
    timeline:
      - { at: 2026-03-02T09:00:00+01:00, track: Form Submitted, properties: { form: newsletter } }
    expect:
      messages:
        - { channel: email, template: hello, outcome: sent }
      enrollments:
        - { scenario: welcome, status: completed }
`,
};

/** A file that is written wrong in one place, or as a whole; and what is said of it, finding by finding. */
export interface WrongFile {
  kind: FileKind;
  name: string;
  said: string[];
  /** In its place stands this, `{x*3}` for xxx: of one text, of all that begins with one, or of all of it. */
  to?: string;
  from?: string;
  everywhere?: boolean;
  until?: string;
  whole?: string;
  /** The valid file of another kind. */
  like?: FileKind;
}

const repeated = (text: string): string =>
  text.replaceAll(/\{(.)\*(\d+)\}/g, (_all, sign: string, count: string) => sign.repeat(Number(count)));

/** The file as it is written wrong. */
export function written({ kind, from = '', to = '', everywhere, until, whole, like }: WrongFile): string {
  const valid = VALID[kind];
  if (like !== undefined) return VALID[like];
  if (whole !== undefined) return repeated(whole);
  if (!valid.includes(until ?? from)) throw new Error(`the valid ${kind} has no ${until ?? from}`);
  if (until !== undefined) return `${valid.slice(0, valid.indexOf(until))}${to}`;
  return everywhere === true ? valid.replaceAll(from, to) : valid.replace(from, () => repeated(to));
}

/** A folder with the library, in which some files are others. */
export class Library {
  private constructor(private readonly root: string) {}

  static async make(): Promise<Library> {
    return new Library(await mkdtemp(path.join(tmpdir(), 'relance-words-')));
  }

  /** Where a file of it lies. */
  place(file: string): string {
    return path.join(this.root, file);
  }

  async write(file: string, content: string): Promise<void> {
    const place = path.join(this.root, file);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, content);
  }

  /** Everything that is found when these stand in the place of the valid ones, or beside them. */
  async check(files: Readonly<Record<string, string>> = {}): Promise<Fault[]> {
    await rm(this.root, { recursive: true, force: true });
    for (const [kind, file] of Object.entries(FILES)) await this.write(file, VALID[kind as FileKind]);
    for (const [file, content] of Object.entries(files)) await this.write(file, content);
    const templates = path.join(this.root, 'templates');
    const { faults } = await checkAll([path.join(this.root, 'scenarios'), templates], templates);
    return faults.map((fault) => ({ ...fault, file: path.relative(this.root, fault.file ?? '') }));
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** `12 wrong-type message — hint`; warnings say so, and files besides the one that is wrong are named. */
export function said(fault: Fault, file: string): string {
  const { line, code, severity, message, hint } = fault;
  const other = fault.file === file ? '' : `${fault.file}:`;
  return `${other}${line ?? ''} ${severity === 'warning' ? 'warning ' : ''}${code} ${message}${hint === undefined ? '' : ` — ${hint}`}`;
}
