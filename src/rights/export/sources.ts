/** What an export's event looks like, as far as it is asked here. */
interface ExportedEvent {
  id?: unknown;
  type?: unknown;
  at?: unknown;
  properties?: unknown;
}

/** Where each trait came from: the latest `identify` that named it (GDPR Art. 15(1)(g)). `events` oldest first. */
export function sourcesOf(events: readonly ExportedEvent[]): Record<string, { event: unknown; at: unknown }> {
  const sources = new Map<string, { event: unknown; at: unknown }>();
  for (const { id, type, at, properties } of events) {
    if (type !== 'identify' || typeof properties !== 'object' || properties === null) continue;
    for (const trait of Object.keys(properties)) sources.set(trait, { event: id, at });
  }
  return Object.fromEntries(sources);
}
