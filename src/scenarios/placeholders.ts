import type { Contact } from '../contacts/index.ts';
import { formatInstant } from '../shared/clock.ts';
import type { Instant } from '../shared/clock.ts';
import { compileValue, inspectSource, type Language } from '../templates/index.ts';
import type { EntryEvent } from './machine.ts';

/** What `{{…}}` in a step's values may read. */
export interface PlaceholderData {
  contact: Contact;
  /** The event at hand, when one moved the machine. */
  event: { name: string; at: Instant; properties: Record<string, unknown> } | undefined;
  /** The event that let the contact in: read for what the event at hand lacks. */
  entry: EntryEvent | null;
  enrollment: { id: string; enteredAt: Instant };
  /** IANA; the contact's, by which helpers write times. */
  zone: string;
}

/** A value of a step's map with its placeholders found once, at compile time. */
export type Placeholders = (data: PlaceholderData) => unknown;

/** What values may read, and what is below it where that is fixed. */
const ROOTS: Readonly<Record<string, readonly string[] | null>> = {
  contact: null,
  event: null,
  enrollment: ['id', 'enteredAt'],
};

/** What is wrong with the `{{…}}` of a value, and what to write instead. */
export interface PlaceholderFault {
  code: 'unknown-placeholder' | 'wrong-placeholder';
  message: string;
  hint?: string;
}

/** All that is wrong with a value's placeholders: they follow the rules of message templates. */
export function placeholderFaults(value: unknown): PlaceholderFault[] {
  if (typeof value === 'string') return value.includes('{{') ? faultsOf(value) : [];
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(placeholderFaults);
  return [];
}

function faultsOf(text: string): PlaceholderFault[] {
  const { faults, variables } = inspectSource(text, { file: '', line: 1, column: 1 }, false);
  const wrong = faults
    .filter(({ severity, code }) => severity === 'error' && code !== 'template-unknown-variable')
    .map(({ message, hint }): PlaceholderFault => ({ code: 'wrong-placeholder', message, hint }));
  if (wrong.length > 0) return wrong;
  const unknown = faults.filter(({ code, severity }) => severity === 'error' && code === 'template-unknown-variable');
  const names = [...unknown.map(({ message }) => /"(.*)"/.exec(message)?.[1] ?? text), ...variables];
  return names
    .filter((name) => !isReadable(name))
    .map((name): PlaceholderFault => ({
      code: 'unknown-placeholder',
      message: `{{${name}}} reads nothing`,
      hint: 'begin it with contact., event. or enrollment.',
    }));
}

function isReadable(name: string): boolean {
  const [root, field] = name.split('.') as [string, string | undefined];
  if (!Object.hasOwn(ROOTS, root)) return false;
  const fields = ROOTS[root];
  return !fields || (field !== undefined && fields.includes(field));
}

/**
 * Prepares a value: the `{{…}}` in its texts are filled in at run time, by the rules of message templates. A text that
 * is one tag and nothing else keeps the type of what it reads; what is missing is null there, and an empty text within a
 * longer one.
 */
export function compilePlaceholders(value: unknown): Placeholders {
  if (typeof value === 'string') {
    const writer = compileValue(value);
    return (data) => writer.value(contextOf(data), languageOf(data));
  }
  if (Array.isArray(value)) {
    const items = value.map(compilePlaceholders);
    return (data) => items.map((item) => item(data));
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, inner]) => [key, compilePlaceholders(inner)] as const);
    return (data) => Object.fromEntries(entries.map(([key, inner]) => [key, inner(data)]));
  }
  return () => value;
}

/** Prepares a text in which every tag becomes text, written as `encode` writes it; what is missing is empty. */
export function compileInto(text: string, encode: (text: string) => string): (data: PlaceholderData) => string {
  const writer = compileValue(text);
  return (data) => writer.text(contextOf(data), languageOf(data), encode);
}

/** Where a contact has not said its language. */
const DEFAULT_LOCALE = 'en';
const languageOf = ({ contact, zone }: PlaceholderData): Language => ({
  locale: contact.locale ?? DEFAULT_LOCALE,
  timezone: zone,
});

const contexts = new WeakMap<PlaceholderData, object>();

/** As message templates see them, but instants are texts; made once for all the values of a step. */
function contextOf(data: PlaceholderData): object {
  let context = contexts.get(data);
  if (context === undefined) {
    const { contact, event, entry, enrollment } = data;
    const createdAt = formatInstant(contact.createdAt);
    context = {
      contact: { ...contact.attributes, attributes: contact.attributes, ...given(contact), createdAt },
      event: { ...eventOf(entry), ...given(eventOf(event)) },
      enrollment: { id: enrollment.id, enteredAt: formatInstant(enrollment.enteredAt) },
    };
    contexts.set(data, context);
  }
  return context;
}

function eventOf(event: EntryEvent | null | undefined): Record<string, unknown> {
  if (event === null || event === undefined) return {};
  const { name, at, properties } = event;
  return { ...properties, properties, name, at: formatInstant(at) };
}

/** Without what is null: a field wins over an attribute of its name only when it has a value. */
const given = (fields: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
