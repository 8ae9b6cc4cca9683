import { gateJson } from '../explain/index.ts';
import { formatInstant, type Instant } from '../shared/clock.ts';
import { showStatus } from './show.ts';
import type { Rehearsal, RehearsedMessage, TimelineEntry } from './timeline.ts';

type Json = Record<string, unknown>;

/** A rehearsal as plain JSON for machines: instants in RFC 3339, everything the engine decided. */
export function rehearsalJson(rehearsal: Rehearsal): Json {
  const { scenario, version, contact, zone, from, until, status, step, reason, notes } = rehearsal;
  return {
    scenario: scenario.scenario,
    version,
    contact: { ...contact, createdAt: formatInstant(contact.createdAt) },
    zone,
    from: formatInstant(from),
    until: formatInstant(until),
    status,
    step,
    reason,
    summary: showStatus(rehearsal),
    notes,
    timeline: rehearsal.entries.map(entryJson),
    messages: rehearsal.messages.map(messageJson),
    enrollments: rehearsal.enrollments.map(({ id, scenarioId, key, status: each, state, reason: why, ...times }) => ({
      id,
      scenario: scenarioId,
      version: times.scenarioVersion,
      key,
      status: each,
      step: state.value,
      enteredAt: formatInstant(times.enteredAt),
      endedAt: instant(times.endedAt),
      convertedAt: instant(times.convertedAt),
      dueAt: instant(times.dueAt),
      reason: why,
    })),
  };
}

function entryJson(entry: TimelineEntry): Json {
  const at = formatInstant(entry.at);
  if (entry.kind === 'state') return { ...entry, at, until: instant(entry.until) };
  if (entry.kind !== 'judged') return { ...entry, at };
  return { ...entry, at, until: instant(entry.until), gates: entry.gates.map(gateJson) };
}

function messageJson({ message, outgoing }: RehearsedMessage): Json {
  const { id, scenarioId, step, channel, template, category, purpose, priority, status, gate, reason, rule } = message;
  return {
    id,
    scenario: scenarioId,
    step,
    channel,
    template,
    category,
    purpose,
    priority,
    outcome: status,
    gate,
    reason,
    rule,
    plannedAt: formatInstant(message.plannedAt),
    heldUntil: instant(message.heldUntil),
    settledAt: instant(message.settledAt),
    rendered: outgoing === null ? null : renderedJson(outgoing),
  };
}

function renderedJson({ to, from, subject, html, text }: NonNullable<RehearsedMessage['outgoing']>): Json {
  return { to, from, subject, html, text };
}

const instant = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));
