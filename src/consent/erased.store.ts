import { textArray, type Sql } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';
import { traceKey, type Trace } from './erased.ts';
import { erasedAmongStatement, hashOfTrace, rememberErased } from './sql/erased.ts';

/** Writes down what refuses an erased person at re-import: salted hashes and nothing else (rule C8, GDPR Art. 17). */
export async function rememberErasedTraces(sql: Sql, traces: readonly Trace[], at: Instant): Promise<void> {
  await sql.run(rememberErased, [textArray(traces.map(traceKey)), at]);
}

/** The pseudonym under which a contact is known after its erasure. */
export async function referenceOf(sql: Sql, contactId: Id): Promise<string> {
  const [row] = await sql.run(hashOfTrace, [traceKey({ kind: 'contact', value: contactId })]);
  return row!.hash;
}

/** Which of these contacts were erased before, by themselves or under one of their addresses. One statement. */
export async function erasedAmong(
  sql: Sql,
  candidates: readonly (Trace & { contactId: Id })[],
): Promise<ReadonlySet<Id>> {
  if (candidates.length === 0) return new Set();
  const rows = await sql.run(erasedAmongStatement, [
    textArray(candidates.map(({ contactId }) => contactId)),
    textArray(candidates.map(traceKey)),
  ]);
  return new Set(rows.map(({ contactId }) => contactId));
}
