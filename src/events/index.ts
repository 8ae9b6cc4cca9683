export type { CustomerEvent, EventType } from './event.ts';
export { isLate, LINK_CLICKED } from './event.ts';
export { eventRow, type EventRow } from './event-row.ts';
export { insertEvents } from './sql/insert-events.ts';
export { storeEvents } from './sql/store-events.ts';
export { insertInbox, type InboxEntry } from './sql/insert-inbox.ts';
export { EventsApiModule, EventsModule } from './events.module.ts';
