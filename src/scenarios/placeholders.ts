import type { Contact } from '../contacts/index.ts';
import { formatInstant } from '../shared/clock.ts';
import type { Instant } from '../shared/clock.ts';
import type { EntryEvent } from './machine.ts';
import { PLACEHOLDER } from './placeholder-pattern.ts';

/** What `{{path}}` in a step's values may read. */
export interface PlaceholderData {
  contact: Contact;
  /** The event at hand, when one moved the machine. */
  event: { name: string; at: Instant; properties: Record<string, unknown> } | undefined;
  /** The event that let the contact in: read for what the event at hand lacks. */
  entry: EntryEvent | null;
  enrollment: { id: string; enteredAt: Instant };
}

/** A value of a step's map with its placeholders found once, at compile time. */
export type Placeholders = (data: PlaceholderData) => unknown;

const ROOTS = new Set(['contact', 'event', 'enrollment']);

/** The paths in a value that no placeholder can ever read, because they begin with none of `contact`, `event`, `enrollment`. */
export function unknownPlaceholders(value: unknown): string[] {
  if (typeof value === 'string') {
    return [...value.matchAll(PLACEHOLDER)]
      .map((match) => match[1]!)
      .filter((path) => !ROOTS.has(path.split('.', 1)[0]!));
  }
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(unknownPlaceholders);
  return [];
}

/**
 * Prepares a value: `{{contact.firstName}}`, `{{event.total}}`, `{{enrollment.id}}` in its texts are replaced at run time.
 * A text that is one placeholder and nothing else keeps the type of what it reads; what is missing is null there, and
 * an empty text within a longer one. This is interpolation only: conditions and helpers belong in message templates.
 */
export function compilePlaceholders(value: unknown): Placeholders {
  if (typeof value === 'string') return compileText(value);
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

/** Prepares a text in which every placeholder becomes text, written as `encode` writes it; what is missing is empty. */
export function compileInto(text: string, encode: (text: string) => string): (data: PlaceholderData) => string {
  const parts: (string | string[])[] = [];
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    parts.push(text.slice(from, match.index), match[1]!.split('.'));
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return (data) => parts.map((part) => (typeof part === 'string' ? part : encode(asText(read(data, part))))).join('');
}

function compileText(text: string): Placeholders {
  const matches = [...text.matchAll(PLACEHOLDER)];
  if (matches.length === 0) return () => text;
  if (matches.length === 1 && matches[0]![0] === text.trim()) {
    const path = matches[0]![1]!.split('.');
    return (data) => read(data, path) ?? null;
  }
  return compileInto(text, (value) => value);
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function read(data: PlaceholderData, [root, ...path]: string[]): unknown {
  switch (root) {
    case 'contact':
      return readContact(data.contact, path);
    case 'event':
      return (data.event && readEvent(data.event, path)) ?? (data.entry && readEvent(data.entry, path)) ?? undefined;
    case 'enrollment':
      return path[0] === 'id'
        ? data.enrollment.id
        : path[0] === 'enteredAt'
          ? formatInstant(data.enrollment.enteredAt)
          : undefined;
    default:
      return undefined;
  }
}

/** As message templates see a contact: a field wins over an attribute of its name. */
function readContact(contact: Contact, path: string[]): unknown {
  if (path.length === 1 && path[0] === 'createdAt') return formatInstant(contact.createdAt);
  return descend(contact, path) ?? descend(contact.attributes, path);
}

function readEvent(event: EntryEvent, path: string[]): unknown {
  if (path.length === 1 && path[0] === 'name') return event.name;
  if (path.length === 1 && path[0] === 'at') return formatInstant(event.at);
  return descend(event.properties, path[0] === 'properties' ? path.slice(1) : path);
}

function descend(root: unknown, path: readonly string[]): unknown {
  let value = root;
  for (const key of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
